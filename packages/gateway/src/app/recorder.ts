import { clip } from '../audit/clip.js';
import type { Trail } from '../audit/trail.js';
import type { FaceRecorder, RefusedEntry } from '../downstream/face-options.js';
import type { Clock } from '../lib/clock.js';
import type { JsonObject } from '../model/json.js';

type Type = 'auth.failed' | 'call.received_invalid';

/** Of one kind from one source, this many are recorded one by one in a window; the rest is counted. */
const recordedOneByOne = 10;
const windowMs = 60_000;
/** Sources that are counted at a time; beyond it they share one count. */
const countedSources = 10_000;

export interface CountingRecorder extends FaceRecorder {
  /** Writes the counts whose window is not over yet. */
  end(): void;
}

interface Count {
  readonly type: Type;
  readonly members: JsonObject;
  seen: number;
}

/**
 * Puts what never became a call into the trail. Whoever floods the gateway does not flood the trail: after the first
 * few of a kind from a source, one record with the exact count is written at the end of the window.
 */
export function createRecorder(trail: Trail, clock: Clock): CountingRecorder {
  const counts = new Map<string, Count>();

  function record(type: Type, event: RefusedEntry): void {
    const source = counts.size < countedSources ? event.source : 'several';
    const key = JSON.stringify([type, source, event.reason, event.principal?.tenant, event.principal?.id]);
    const { detail: _detail, method: _method, ...common } = event;
    const count = counts.get(key) ?? begin(key, { type, members: membersOf({ ...common, source }), seen: 0 });
    count.seen += 1;
    if (count.seen <= recordedOneByOne) trail.note(type, membersOf(event));
  }

  function begin(key: string, count: Count): Count {
    counts.set(key, count);
    clock.after(windowMs, () => {
      if (counts.delete(key)) tell(count);
    });
    return count;
  }

  function tell({ type, members, seen }: Count): void {
    const further = seen - recordedOneByOne;
    if (further > 0) trail.note(type, { ...members, count: further, window_s: windowMs / 1000 });
  }

  return {
    authFailed: (event) => record('auth.failed', event),
    invalid: (event) => record('call.received_invalid', event),
    end() {
      for (const count of counts.values()) tell(count);
      counts.clear();
    },
  };
}

function membersOf({ source, reason, underlying, detail, principal, method }: RefusedEntry): JsonObject {
  return {
    source,
    reason,
    ...(underlying === undefined ? {} : { underlying }),
    ...(detail === undefined ? {} : { detail }),
    ...(method === undefined ? {} : { mcp: { method: clip(method) } }),
    ...(principal === undefined
      ? {}
      : { caller: { id: principal.id, cred: principal.credential }, tenant: principal.tenant }),
  };
}
