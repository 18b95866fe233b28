import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../lib/clock.js';
import type { Principal } from '../../model/principal.js';
import { type KeptReply, Problem } from './problem.js';

/** What is asked under a key: another request must not get its answer. */
export interface Attempt {
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

/**
 * Answers a repeated POST with the answer of the first one, so that nothing is done twice. Kept by this process for a day,
 * never longer than there is room; answers can hold secrets that are shown once, so they are not written to disk.
 */
export class IdempotencyKeys {
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Kept>();
  /** By caller: whoever keeps the most makes room, so that nobody drives out the answers of others. */
  readonly #kept = new Map<string, Replies>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The kept answer to the same request, or undefined after which the caller must `finish`. Throws Problem when the key
   * belongs to another request or to one that is under way.
   */
  begin(attempt: Attempt): KeptReply | undefined {
    const name = nameOf(attempt);
    const digest = digestOf(attempt);
    const known = this.#underWay.get(name) ?? this.#recent(attempt);
    if (known === undefined) {
      this.#underWay.set(name, { digest, at: this.#clock.now() });
      return undefined;
    }
    if (known.digest !== digest) {
      const detail = 'This Idempotency-Key was used for another request; take a new key for each.';
      throw new Problem('idempotency_mismatch', detail);
    }
    if (known.reply === undefined) {
      const detail = 'The first request with this Idempotency-Key is under way; ask again for its answer.';
      throw new Problem('idempotency_in_progress', detail, { retryAfterSeconds: 1 });
    }
    return known.reply;
  }

  /** Keeps the answer; without one, the key is free again. */
  finish(attempt: Attempt, reply?: KeptReply): void {
    const name = nameOf(attempt);
    const known = this.#underWay.get(name);
    this.#underWay.delete(name);
    if (known === undefined || reply === undefined || mayBeRepeated(reply)) return;
    const caller = callerOf(attempt);
    const replies = this.#kept.get(caller) ?? newReplies();
    replies.set(attempt.key, { ...known, reply });
    this.#kept.set(caller, replies);
    this.#makeRoom();
  }

  #recent(attempt: Attempt): Kept | undefined {
    const replies = this.#kept.get(callerOf(attempt));
    const known = replies?.get(attempt.key);
    if (known === undefined) return undefined;
    const age = this.#clock.now() - known.at;
    if (age < keptHours * 3_600_000) return known;
    replies?.delete(attempt.key);
    return undefined;
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

function mayBeRepeated({ status, headers, isUndone }: KeptReply): boolean {
  return isUndone === true || notKept.has(status) || headers['Retry-After'] !== undefined;
}

/** Keys of two callers never meet. Access tokens last minutes, and the caller is the same with the next one. */
function callerOf({ principal: { tenant, credential, id } }: Attempt): string {
  return JSON.stringify([tenant, credential.startsWith('jwt:') ? 'jwt:' : credential, id]);
}

function nameOf(attempt: Attempt): string {
  return `${callerOf(attempt)} ${attempt.key}`;
}

function digestOf({ method, target, body, principal: { session } }: Attempt): string {
  return createHash('sha256')
    .update(JSON.stringify([method, target, body, session?.id]))
    .digest('base64url');
}
