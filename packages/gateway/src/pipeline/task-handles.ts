import { LRUCache } from 'lru-cache';
import { Seal } from '../lib/seal.js';
import type { Call } from '../model/call.js';
import type { JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import { type Era, modernRevision } from '../model/revisions.js';
import type { Target } from '../model/target.js';
import type { TaskRef } from '../model/task.js';

/** What a task id that this gateway gave out leads to. */
export interface OpenedHandle {
  readonly task: TaskRef;
  /** The tool, as the caller wrote it when the task began. */
  readonly target: string;
}

/** Why an id leads nowhere. The caller hears the same in each case; the record has the word. */
export type HandleFault = 'task_forged' | 'task_foreign_caller' | 'task_foreign_endpoint';

/** Who shows an id, and where. */
export interface Presenter {
  readonly principal: Principal;
  readonly endpoint?: string | undefined;
  readonly era: Era;
}

/** A handle and who may use it. */
interface Held extends OpenedHandle {
  readonly id: string;
  readonly holder: string;
}

/** UTF-16 units of an upstream's own id; ids travel in a header. */
export const longestTaskId = 1024;

/** Handles that are remembered for lists and for news of the upstream; the others are as good. */
const mostRemembered = 4096;

/**
 * Task ids for callers: each holds, sealed, whose task it is, of which upstream and tool, and the upstream's own id.
 * With a key that outlives the process the ids do, too.
 */
export class TaskHandles {
  readonly #seal: Seal;
  /** By holder, upstream and the upstream's own id; the most recently used last. */
  readonly #remembered = new LRUCache<string, Held>({ max: mostRemembered });

  constructor(key: Uint8Array) {
    this.#seal = new Seal(key, 'task id');
  }

  /** The id under which the caller of `call` knows a task that the call began. */
  close(call: Call, target: Target, id: string): string {
    return this.#close(call, target, { id });
  }

  /** The same of a task of the gateway's own: the call waits for a person as the hold of this id. */
  closeHeld(call: Call, target: Target, hold: string): string {
    return this.#close(call, target, { id: hold, isHeld: true });
  }

  #close(call: Call, target: Target, own: Pick<TaskRef, 'id' | 'isHeld'>): string {
    const { principal, endpoint, arrival } = call;
    const era = arrival.revision === modernRevision ? 'modern' : 'legacy';
    const shown = this.#seal.close({
      caller: [principal.tenant, principal.id],
      endpoint: endpoint ?? null,
      era,
      target: call.target,
      upstream: target.upstream,
      tool: target.name,
      ...own,
    });
    const task = { upstream: target.upstream, tool: target.name, ...own };
    this.#remember(shown, { principal, endpoint, era }, { task, target: call.target });
    return shown;
  }

  open(text: string, presenter: Presenter): OpenedHandle | HandleFault {
    const opened = this.#seal.open(text);
    if (opened === undefined) return 'task_forged';
    const { principal, endpoint, era } = presenter;
    const { caller, upstream, tool, id } = opened;
    if (!isPair(caller, principal.tenant, principal.id)) return 'task_foreign_caller';
    if (opened.endpoint !== (endpoint ?? null) || opened.era !== era) return 'task_foreign_endpoint';
    const held = opened.isHeld === true ? { isHeld: true } : {};
    const task = { upstream: textOf(upstream), tool: textOf(tool), id: textOf(id), ...held };
    const handle = { task, target: textOf(opened.target) };
    this.#remember(text, presenter, handle);
    return handle;
  }

  /** The ids that a caller was given or has shown since the process began, as far as they are remembered; newest first. */
  heldBy(presenter: Presenter): string[] {
    const holder = holderOf(presenter);
    return [...this.#remembered.values()].filter((held) => held.holder === holder).map(({ id }) => id);
  }

  /** The id under which a caller knows a task of an upstream, if it is the caller's and remembered. */
  shownIdOf(presenter: Presenter, upstream: string, id: string): string | undefined {
    return this.#remembered.peek(keyOf(holderOf(presenter), upstream, id))?.id;
  }

  #remember(id: string, presenter: Presenter, handle: OpenedHandle): void {
    const holder = holderOf(presenter);
    const { upstream, id: own } = handle.task;
    this.#remembered.set(keyOf(holder, upstream, own), { ...handle, id, holder });
  }
}

function holderOf({ principal, endpoint, era }: Presenter): string {
  return JSON.stringify([principal.tenant, principal.id, endpoint ?? null, era]);
}

function keyOf(holder: string, upstream: string, id: string): string {
  return JSON.stringify([holder, upstream, id]);
}

function isPair(value: JsonValue | undefined, first: string, second: string): boolean {
  return Array.isArray(value) && value[0] === first && value[1] === second;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
