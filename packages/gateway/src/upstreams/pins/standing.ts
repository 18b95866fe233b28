import type { Quarantine } from '../../model/quarantine.js';
import type { Pin } from '../../store/pin.js';

/** What a definition is by its pin. */
export type Standing = 'accepted' | Exclude<Quarantine, 'unknowable' | 'twin'>;

/** The standing of a digest that an upstream offers; without a pin it waits. */
export function standingOf(pin: Pin | undefined, digest: string): Standing {
  if (pin?.accepted?.digest === digest) return 'accepted';
  if (pin?.rejected?.digest === digest) return 'rejected';
  return pin?.accepted === undefined ? 'waiting' : 'changed';
}

/**
 * What the gateway does with definitions that nobody has accepted: `ask` leaves each to a person, `trust` accepts what is
 * seen for the first time, `follow` every change too.
 */
export type FirstSight = 'trust' | 'ask' | 'follow';

/**
 * Whether the gateway accepts a digest by itself. Never one that a person rejected; and where a person has decided,
 * nothing is a first sight any more.
 */
export function isTrusted(pin: Pin | undefined, digest: string, firstSight: FirstSight): boolean {
  const standing = standingOf(pin, digest);
  if (standing === 'accepted' || standing === 'rejected') return false;
  if (firstSight === 'follow') return true;
  return firstSight === 'trust' && standing === 'waiting' && pin?.rejected === undefined;
}

/** The states of a pin, for people. */
export const pinStates = ['accepted', 'waiting', 'changed', 'rejected', 'gone'] as const;

export type PinState = (typeof pinStates)[number];

export function stateOfPin(pin: Pin): PinState {
  return pin.present ? standingOf(pin, pin.offered) : 'gone';
}
