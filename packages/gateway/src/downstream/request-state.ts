import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import { newSealKey, Seal } from '../lib/seal.js';
import type { Call } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import { wrongParams } from './protocol-fault.js';

/** What a client carries from one round of a parked call to the next, without being able to read or change it. */
export interface RequestState {
  /** Which parked call. */
  readonly call: string;
  readonly round: number;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly caller: string;
  /** What was asked for, see digestOf. */
  readonly asked: string;
}

/**
 * Seals request states. The key lives and dies with the process, and so do the calls that are parked in it: a state that
 * another process sealed could not be of use here.
 */
export class RequestStates {
  readonly #seal = new Seal(newSealKey(), 'request state');

  write({ call, round, expires, caller, asked }: RequestState): string {
    return this.#seal.close({ call, round, expires, caller, asked });
  }

  /** Throws ProtocolFault for a state that is not of this process, not of this caller and request, or too old. */
  read(text: unknown, retry: Call): RequestState {
    const state = typeof text === 'string' ? this.#seal.open(text) : undefined;
    if (state === undefined) throw stateFault('state_forged');
    const known = state as unknown as RequestState;
    if (known.expires <= retry.at) throw stateFault('state_expired');
    if (known.caller !== callerOf(retry.principal)) throw stateFault('state_foreign_caller');
    if (known.asked !== digestOf(retry)) throw stateFault('state_foreign_call');
    return known;
  }
}

/** The principal, whichever of its credentials it shows. */
export function callerOf({ tenant, id }: Principal): string {
  return JSON.stringify([tenant, id]);
}

/** What a request asks for, and where: equal for a request and its retry, whatever the order of members. */
export function digestOf({ endpoint, method, target, args, more }: Call): string {
  const rest = [...(more ?? [])].map(([name, text]) => [name, parseJson(text).value] as const);
  const asked = [endpoint ?? null, method, target, args?.value ?? null, Object.fromEntries(rest)];
  return digest(askedDomain, canonicalJson(asked));
}

/** Keeps these digests apart from those of tools and policies. */
const askedDomain = 0x20;

/** The words under which the trail has a refused retry, and what its sender is told. */
const sentences = {
  state_forged: 'The "requestState" was not given out by this gateway, or it was changed',
  state_expired: 'The time for an answer is over',
  state_foreign_caller: 'The "requestState" was given to another caller',
  state_foreign_call: 'The "requestState" belongs to a request with another target or other arguments',
  state_unknown_call: 'The call that the "requestState" belongs to has ended',
  state_replayed: 'The "requestState" was used already; each is good for one retry',
};

/** The refusal of a retry that does not continue a parked call. */
export function stateFault(reason: keyof typeof sentences) {
  const way = 'To begin anew, send the request without "requestState" and "inputResponses".';
  return wrongParams(`${sentences[reason]}. ${way}`, reason);
}
