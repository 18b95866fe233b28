import { Seal } from '../lib/seal.js';
import type { Call } from '../model/call.js';
import { callerOf, digestOf, stateFault } from './request-state.js';

/** What a client carries from one turn of waiting to the next. */
export interface HeldState {
  readonly hold: string;
  /** How many turns it has waited. */
  readonly turn: number;
  /** It was asked to open the page of the hold. */
  readonly page?: boolean;
}

interface Sealed extends HeldState {
  readonly caller: string;
  readonly asked: string;
}

/**
 * Seals the states of calls that wait for people. They decide nothing: the call that comes with one is governed from the
 * top. The key outlives the process, as holds do.
 */
export class HeldStates {
  readonly #seal: Seal;

  constructor(key: Uint8Array) {
    this.#seal = new Seal(key, 'held call');
  }

  write(call: Call, state: HeldState): string {
    return this.#seal.close({ ...state, caller: callerOf(call.principal), asked: digestOf(call) });
  }

  /** Undefined for a text that is none of these; throws ProtocolFault for one of another caller or another call. */
  read(text: unknown, call: Call): HeldState | undefined {
    const opened = typeof text === 'string' ? this.#seal.open(text) : undefined;
    if (opened === undefined) return undefined;
    const state = opened as unknown as Sealed;
    if (state.caller !== callerOf(call.principal)) throw stateFault('state_foreign_caller');
    if (state.asked !== digestOf(call)) throw stateFault('state_foreign_call');
    return state;
  }
}
