import { LRUCache } from 'lru-cache';
import { type History, HistoryFault, type NamedTarget } from '../model/history.js';
import type { JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import { handlesIn } from './data-handles.js';

/** Callers are made by operators, so there are few; who has not called for longest is forgotten first. */
const mostCallers = 1_000;
const mostTargets = 5_000;
const mostRecent = 2_048;
const mostHandles = 4_096;
/** Of one result. */
const resultLimits = { mostHandles: 1_024, mostCharacters: 1_048_576 };

/**
 * What each caller did, for conditions that read `history`. By principal and not by connection: a caller may open as many
 * connections as it likes. Lost when the process ends.
 */
export class Histories {
  readonly #byCaller = new LRUCache<string, CallHistory>({ max: mostCallers });

  of(principal: Principal): History {
    return this.#historyOf(principal);
  }

  /** A call was let through; to be said in the same turn as its decision, so that no two calls see the same history. */
  began(principal: Principal, target: NamedTarget, at: number): void {
    this.#historyOf(principal).began(target, at);
  }

  /** The result of such a call, as the caller gets it. Only worth saying where conditions follow data. */
  learned(principal: Principal, target: NamedTarget, result: JsonValue): void {
    this.#historyOf(principal).learned(target, result);
  }

  #historyOf({ tenant, id }: Principal): CallHistory {
    const key = JSON.stringify([tenant, id]);
    const known = this.#byCaller.get(key);
    if (known !== undefined) return known;
    const history = new CallHistory();
    this.#byCaller.set(key, history);
    return history;
  }
}

interface Entry {
  readonly target: NamedTarget;
  count: number;
  /** Its results held more handles than are kept. */
  forgetful: boolean;
}

class CallHistory implements History {
  readonly #entries = new Map<string, Entry>();
  /** The latest calls, oldest first; older ones are counted only. */
  readonly #recent: { at: number; entry: Entry }[] = [];
  /** Which targets gave a handle. */
  readonly #givers = new Map<string, Entry[]>();
  #dropped = Number.NEGATIVE_INFINITY;
  #overflowed = false;

  count(means: (target: NamedTarget) => boolean, since?: number): number {
    if (this.#overflowed) throw new HistoryFault('the caller used more targets than are kept');
    if (since === undefined) {
      let sum = 0;
      for (const { target, count } of this.#entries.values()) if (means(target)) sum += count;
      return sum;
    }
    if (this.#dropped >= since)
      throw new HistoryFault('the caller made more calls in that time than are kept');
    let sum = 0;
    for (let index = this.#recent.length - 1; index >= 0; index--) {
      const call = this.#recent[index];
      if (call === undefined || call.at < since) break;
      if (means(call.entry.target)) sum++;
    }
    return sum;
  }

  last(): NamedTarget | undefined {
    return this.#recent.at(-1)?.entry.target;
  }

  gave(handles: Iterable<string>, means: (target: NamedTarget) => boolean): boolean {
    for (const { target, forgetful } of this.#entries.values()) {
      if (forgetful && means(target)) throw new HistoryFault('the results held more data than is kept');
    }
    for (const handle of handles) {
      if (this.#givers.get(handle)?.some(({ target }) => means(target))) return true;
    }
    return false;
  }

  began(target: NamedTarget, at: number): void {
    const entry = this.#entryOf(target);
    entry.count++;
    // A clock that is set back must not make old calls look recent, nor recent ones old.
    const latest = this.#recent.at(-1)?.at ?? at;
    this.#recent.push({ at: Math.max(at, latest), entry });
    if (this.#recent.length > 2 * mostRecent) {
      const gone = this.#recent.splice(0, mostRecent);
      this.#dropped = gone.at(-1)?.at ?? this.#dropped;
    }
  }

  learned(target: NamedTarget, result: JsonValue): void {
    const entry = this.#entryOf(target);
    const { found, complete } = handlesIn(result, resultLimits);
    if (!complete) entry.forgetful = true;
    for (const handle of found) {
      const givers = this.#givers.get(handle);
      if (givers === undefined) this.#givers.set(handle, [entry]);
      else if (!givers.includes(entry)) givers.push(entry);
    }
    for (const [handle, givers] of this.#givers) {
      if (this.#givers.size <= mostHandles) break;
      for (const giver of givers) giver.forgetful = true;
      this.#givers.delete(handle);
    }
  }

  #entryOf(target: NamedTarget): Entry {
    const { kind, upstream, name, exposedName } = target;
    const key = JSON.stringify([kind, upstream, name]);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry = { target: { kind, upstream, name, exposedName }, count: 0, forgetful: false };
    if (this.#entries.size < mostTargets) this.#entries.set(key, entry);
    else this.#overflowed = true;
    return entry;
  }
}
