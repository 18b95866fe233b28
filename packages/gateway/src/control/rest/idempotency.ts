import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../lib/clock.js';
import type { Principal } from '../../model/principal.js';
import { type KeptReply, Problem } from './problem.js';

/** What is asked under a key: another request must not get its answer. */
export interface Attempt {
  readonly key: string;
  readonly principal: Pick<Principal, 'tenant' | 'credential' | 'id'>;
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

const keptHours = 24;
const mostKept = 10_000;
const mostCharacters = 32 * 1024 * 1024;
/** What these say is that nothing was done, so that it may be tried again; so does whatever says when to. */
const notKept: ReadonlySet<number> = new Set([429, 503]);

/**
 * Answers a repeated POST with the answer of the first one, so that nothing is done twice. Kept by this process for a day,
 * never longer than there is room; answers can hold secrets that are shown once, so they are not written to disk.
 */
export class IdempotencyKeys {
  readonly #clock: Clock;
  readonly #underWay = new Map<string, Kept>();
  readonly #kept = new LRUCache<string, Kept>({
    max: mostKept,
    maxSize: mostCharacters,
    sizeCalculation: ({ reply }, name) => name.length + 256 + (reply?.text.length ?? 0),
  });

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
    const known = this.#underWay.get(name) ?? this.#recent(name);
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
    this.#kept.set(name, { ...known, reply });
  }

  #recent(name: string): Kept | undefined {
    const known = this.#kept.get(name);
    if (known === undefined) return undefined;
    const age = this.#clock.now() - known.at;
    if (age < keptHours * 3_600_000) return known;
    this.#kept.delete(name);
    return undefined;
  }
}

function mayBeRepeated({ status, headers }: KeptReply): boolean {
  return notKept.has(status) || headers['Retry-After'] !== undefined;
}

/** Keys of two callers never meet. */
function nameOf({ principal: { tenant, credential, id }, key }: Attempt): string {
  return JSON.stringify([tenant, credential, id, key]);
}

function digestOf({ method, target, body }: Attempt): string {
  return createHash('sha256')
    .update(JSON.stringify([method, target, body]))
    .digest('base64url');
}
