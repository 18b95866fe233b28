import type { Hold } from '../model/hold.js';

/** Neither a yes nor a no: the call waits for a person, or was made by the gateway already and its result kept. */
export class Suspension extends Error {
  readonly hold: Hold;
  /** What keptText made of the outcome. */
  readonly kept: string | undefined;

  constructor(hold: Hold, kept?: string) {
    super('a person must say yes first');
    this.name = 'Suspension';
    this.hold = hold;
    this.kept = kept;
  }
}
