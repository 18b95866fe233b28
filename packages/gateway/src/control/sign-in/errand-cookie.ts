import type { Context } from 'hono';
import type { Errand } from '../../identity/sign-in/relying-party.js';
import type { Clock } from '../../lib/clock.js';
import type { Seal } from '../../lib/seal.js';
import { type CookieSite, dropCookie, keepCookie, readCookie } from './cookies.js';
import { ownPath } from './own-path.js';

export interface ErrandParts extends CookieSite {
  readonly errandSeal: Seal;
  readonly clock: Clock;
}

/** A browser that is on its way to the provider and back. */
export interface Underway {
  readonly errand: Errand;
  /** The page that it goes to in the end. */
  readonly back: string;
  /** The held call that they are asked once more for who they are. */
  readonly hold?: string | undefined;
}

const name = 'sallyport-signing-in';
const lastsMs = 600_000;

export function keepErrand(context: Context, { errand, back, hold }: Underway, parts: ErrandParts): void {
  const { state, nonce, verifier, askedAt } = errand;
  const until = parts.clock.now() + lastsMs;
  const asked = askedAt === undefined || hold === undefined ? {} : { askedAt, hold };
  const value = parts.errandSeal.close({ state, nonce, verifier, back, until, ...asked });
  keepCookie(context, { name, value, maxAge: lastsMs / 1000 }, parts);
}

/** Good once in this browser: the provider takes a code once, too. */
export function takeErrand(context: Context, parts: ErrandParts): Underway | undefined {
  const found = parts.errandSeal.open(readCookie(context, name, parts) ?? '') ?? {};
  dropCookie(context, name);
  const { state, nonce, verifier, back, until, askedAt, hold } = found;
  if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string')
    return undefined;
  if (typeof until !== 'number' || until <= parts.clock.now()) return undefined;
  const isAgain = typeof askedAt === 'number' && typeof hold === 'string';
  return {
    errand: { state, nonce, verifier, ...(isAgain ? { askedAt } : {}) },
    back: (typeof back === 'string' ? ownPath(back) : undefined) ?? '/console',
    ...(isAgain ? { hold } : {}),
  };
}
