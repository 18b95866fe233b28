import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../lib/clock.js';
import type { Attempt, KnownAttempt } from '../../model/attempt.js';
import type { Principal } from '../../model/principal.js';
import type { AttemptTable } from '../../store/attempt-table.js';
import { type KeptReply, Problem } from './problem.js';

/** What is asked under a key: another request must not get its answer. */
export interface KeyedRequest {
  readonly key: string;
  readonly principal: Pick<Principal, 'tenant' | 'credential' | 'id' | 'session'>;
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly body: string;
}

interface Kept {
  readonly digest: string;
  readonly at: number;
  /** Absent while the first request is under way. */
  reply?: KeptReply;
}

type Replies = LRUCache<string, Kept>;

const keptHours = 24;
const mostCharacters = 32 * 1024 * 1024;
/** What an answer counts for besides its text, so that there are at most about 10,000. */
const charactersOfOne = 3_300;
/** What these say is that nothing was done, so that it may be tried again; so does whatever says when to. */
const notKept: ReadonlySet<number> = new Set([429, 503]);

interface IdempotencyParts {
  readonly clock: Clock;
  readonly attempts: AttemptTable;
  /** Random bytes of the store: what is on record of a key and a request tells nobody what they were. */
  readonly attemptKey: Uint8Array;
}

/**
 * Answers a repeated POST with the answer of the first one, so that nothing is done twice. Kept by this process for a day,
 * never longer than there is room; answers can hold secrets that are shown once, so they are not written to disk. That a
 * call or a payment was made is in its record, so that it is not made again when the answer is gone.
 */
export class IdempotencyKeys {
  readonly #clock: Clock;
  readonly #attempts: AttemptTable;
  readonly #secret: Uint8Array;
  readonly #underWay = new Map<string, Kept>();
  /** By caller: whoever keeps the most makes room, so that nobody drives out the answers of others. */
  readonly #kept = new Map<string, Replies>();

  constructor({ clock, attempts, attemptKey }: IdempotencyParts) {
    this.#clock = clock;
    this.#attempts = attempts;
    this.#secret = attemptKey;
  }

  /**
   * The kept answer to the same request, or undefined after which the caller must `finish`. Throws Problem when the key
   * belongs to another request or to one that is under way, or when the answer is gone.
   */
  begin(asked: KeyedRequest): KeptReply | undefined {
    const name = nameOf(asked);
    const digest = this.#digestOf(asked);
    const known = this.#underWay.get(name) ?? this.#recent(asked);
    if (known === undefined) {
      this.#refuseRecorded(asked);
      this.#underWay.set(name, { digest, at: this.#clock.now() });
      return undefined;
    }
    if (known.digest !== digest) throw mismatch();
    if (known.reply === undefined) {
      const detail = 'The first request with this Idempotency-Key is under way; ask again for its answer.';
      throw new Problem('idempotency_in_progress', detail, { retryAfterSeconds: 1 });
    }
    return known.reply;
  }

  /** Keeps the answer; without one, the key is free again. */
  finish(asked: KeyedRequest, reply?: KeptReply): void {
    const name = nameOf(asked);
    const known = this.#underWay.get(name);
    this.#underWay.delete(name);
    if (known === undefined || reply === undefined || mayBeRepeated(reply)) return;
    const caller = callerOf(asked);
    const replies = this.#kept.get(caller) ?? newReplies();
    replies.set(asked.key, { ...known, reply });
    this.#kept.set(caller, replies);
    this.#makeRoom();
  }

  /** What goes on record: neither the key nor what was asked can be read from it, nor guessed without the secret. */
  attemptOf(asked: KeyedRequest): Attempt {
    return { name: this.#keyed(nameOf(asked)), digest: this.#digestOf(asked) };
  }

  #digestOf({ method, target, body, principal: { session } }: KeyedRequest): string {
    return this.#keyed(JSON.stringify([method, target, body, session?.id]));
  }

  #keyed(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }

  #recent(asked: KeyedRequest): Kept | undefined {
    const replies = this.#kept.get(callerOf(asked));
    const known = replies?.get(asked.key);
    if (known === undefined) return undefined;
    const age = this.#clock.now() - known.at;
    if (age < keptHours * 3_600_000) return known;
    replies?.delete(asked.key);
    return undefined;
  }

  #refuseRecorded(asked: KeyedRequest): void {
    const { name, digest } = this.attemptOf(asked);
    const recorded = this.#attempts.find(name, this.#clock.now() - keptHours * 3_600_000);
    // What provably never left may be made now.
    if (recorded === undefined || recorded.end === 'refused') return;
    throw recorded.digest === digest ? lost(recorded) : mismatch();
  }

  #makeRoom(): void {
    const sizes = [...this.#kept].map(([caller, { calculatedSize }]) => ({ caller, size: calculatedSize }));
    let size = sizes.reduce((sum, one) => sum + one.size, 0);
    while (size > mostCharacters) {
      const most = sizes.reduce((a, b) => (b.size > a.size ? b : a));
      const replies = this.#kept.get(most.caller);
      replies?.pop();
      const left = replies?.calculatedSize ?? 0;
      size -= most.size - left;
      most.size = left;
      if (left === 0) this.#kept.delete(most.caller);
    }
  }
}

function newReplies(): Replies {
  return new LRUCache({
    maxSize: mostCharacters,
    sizeCalculation: ({ reply }, key) => key.length + charactersOfOne + (reply?.text.length ?? 0),
  });
}

function mismatch(): Problem {
  const detail = 'This Idempotency-Key was used for another request; take a new key for each.';
  return new Problem('idempotency_mismatch', detail);
}

function lost({ call, end }: KnownAttempt): Problem {
  const isPayment = end === 'paid';
  const what = isPayment ? `Payment auth_${call} was made` : `Call ${call} was let pass`;
  const detail = `${what} under this Idempotency-Key. It is not done again; its answer is gone, and its record is there.`;
  const members = isPayment
    ? { authorization_id: `auth_${call}` }
    : { decision_id: call, outcome: end ?? 'unknown' };
  return new Problem('idempotency_lost', detail, { members });
}

function mayBeRepeated({ status, headers, isUndone }: KeptReply): boolean {
  return isUndone ?? (notKept.has(status) || headers['Retry-After'] !== undefined);
}

/** Keys of two callers never meet. Access tokens last minutes, and the caller is the same with the next one. */
function callerOf({ principal: { tenant, credential, id } }: KeyedRequest): string {
  return JSON.stringify([tenant, credential.startsWith('jwt:') ? 'jwt:' : credential, id]);
}

function nameOf(asked: KeyedRequest): string {
  return `${callerOf(asked)} ${asked.key}`;
}
