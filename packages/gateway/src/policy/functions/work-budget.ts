import { functionFault } from './function-fault.js';

/** Characters looked at, times what a character costs: up to 7 ns each, so one decision takes 35 ms at most. */
const mostWork = 5_000_000;

/** What the functions of one decision may spend on texts, since nothing can interrupt them. */
export class WorkBudget {
  #left = mostWork;
  #decision: object | undefined;

  /** Conditions of one decision share its budget. */
  begin(decision: object): void {
    if (decision === this.#decision) return;
    this.#decision = decision;
    this.#left = mostWork;
  }

  /** Throws when it is spent. */
  spend(work: number): void {
    this.#left -= work;
    if (this.#left < 0) throw functionFault('looks at more text than one decision may');
  }
}
