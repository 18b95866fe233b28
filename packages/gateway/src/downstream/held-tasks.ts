import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { isAskedBy } from '../approvals/asked-by.js';
import type { Clock } from '../lib/clock.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { Outcome, Suspended } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import { modernRevision } from '../model/revisions.js';
import type { Target } from '../model/target.js';
import { relatedTask } from '../model/task.js';
import type { UpstreamNews } from '../model/upstream-news.js';
import type { TaskHandles } from '../pipeline/task-handles.js';
import type { ServerInfo, TaskAnswers } from './face-options.js';
import { heldReply } from './held-reply.js';
import { canBeTask, holdMeta, standOf, type TaskStand, type ToldTask, taskMembers } from './held-task.js';
import { serverMeta } from './modern-result.js';
import { replyOf } from './outcome-reply.js';
import { errorCodes } from './protocol-fault.js';
import { errorReply, type Reply, resultReply } from './reply.js';

export interface HeldTasksOptions {
  readonly handles: Pick<TaskHandles, 'closeHeld'>;
  readonly approvals: Pick<
    ApprovalDesk,
    'find' | 'resultOf' | 'cancel' | 'wait' | 'waitForResult' | 'refuse'
  >;
  /** Makes the call of an approved hold for the caller who asks for its task; never rejects. */
  readonly carryOut: (hold: Hold, caller: Principal) => Promise<Outcome | undefined>;
  readonly locate: (endpoint: string | undefined, exposedName: string) => Target | undefined;
  readonly clock: Clock;
  readonly serverInfo: ServerInfo;
  /** How long results are kept. */
  readonly keptMs: () => number;
  /** Where people decide, where that is known. */
  readonly linkTo?: (hold: string) => string | undefined;
}

/** A task that is asked about, in a call that policy has let pass. */
interface Asked {
  readonly call: Call;
  readonly hold: Hold;
  readonly taskId: string;
}

const eras = [
  { era: 'modern', method: 'notifications/tasks' },
  { era: 'legacy', method: 'notifications/tasks/status' },
] as const;
const acknowledged = '{"resultType":"complete"}';

/** How long `tasks/result` waits; then it is to be asked again. */
const longestWaitMs = 50_000;

/**
 * Held calls as tasks of the gateway's own: the client gets a handle at once and asks how it goes. Once it is approved,
 * asking for the task is what the repeated call is to others: the gateway makes the call, and keeps the result with the
 * hold, where a restart finds it.
 */
export class HeldTasks implements TaskAnswers {
  readonly #options: HeldTasksOptions;

  constructor(options: HeldTasksOptions) {
    this.#options = options;
  }

  /** The result that is a task's handle, as JSON text; undefined where the call cannot be one. */
  begin({ hold }: Suspended, call: Call): string | undefined {
    if (!canBeTask(hold, call)) return undefined;
    const { handles, locate } = this.#options;
    const target = locate(call.endpoint, call.target);
    if (target === undefined) return undefined;
    const taskId = handles.closeHeld(call, target, hold.id);
    const members = this.#members(hold, { call, taskId });
    const _meta = this.#metaOf(hold, call);
    return JSON.stringify(
      isModern(call) ? { resultType: 'task', ...members, _meta } : { task: members, _meta },
    );
  }

  /** Answers a request about a held task, which policy has let pass; undefined where there is no such task any more. */
  answer(call: Call): Reply | Promise<Reply> | undefined {
    const asked = this.#asked(call);
    if (asked === undefined) return undefined;
    if (call.method === 'tasks/cancel') return this.#cancel(asked);
    if (call.method === 'tasks/result') return this.#result(asked);
    if (call.method === 'tasks/update') return this.#update(asked);
    if (asked.hold.state === 'approved') void this.#options.carryOut(asked.hold, call.principal);
    return resultReply(this.#state(asked));
  }

  /** How the task stands, as JSON text. */
  stateText(call: Call): string | undefined {
    const asked = this.#asked(call);
    return asked && this.#state(asked);
  }

  /** What clients of either era that follow the task are told when its hold has changed. */
  newsOf(hold: Hold): UpstreamNews[] {
    const { upstream, tenant, caller } = hold;
    const owner = { tenant, principal: caller };
    return eras.map(({ era, method }) => {
      const params = JSON.stringify(this.#told(hold, { taskId: hold.id, era }));
      return { upstream, owner, method, params };
    });
  }

  #asked(call: Call): Asked | undefined {
    const { id = '' } = call.task ?? {};
    const hold = this.#options.approvals.find(id);
    const taskId = call.args?.value.taskId;
    // With another session or owner it is another call: to make it would cost the approval of this one.
    if (hold === undefined || !isAskedBy(hold, call.principal)) return undefined;
    return typeof taskId === 'string' ? { call, hold, taskId } : undefined;
  }

  /** The result of the call, or its error, is a member of what a modern client gets. */
  #state({ call, hold, taskId }: Asked): string {
    const { outcome } = this.#standOf(hold);
    const members = { ...this.#members(hold, { call, taskId }), _meta: this.#metaOf(hold, call) };
    if (!isModern(call)) return JSON.stringify(members);
    const text = JSON.stringify({ resultType: 'complete', ...members });
    return outcome === undefined ? text : `${text.slice(0, -1)},${this.#replyTo(outcome, call).body}}`;
  }

  /** Such a task asks its client nothing, so whatever comes was meant to answer for a person. */
  async #update({ call, hold }: Asked): Promise<Reply> {
    const by = { by: call.principal, channel: 'mcp' };
    await this.#options.approvals.refuse(hold, by, 'what a client sends to a task answers no hold');
    return resultReply(acknowledged);
  }

  async #cancel({ call, hold, taskId }: Asked): Promise<Reply> {
    const { approvals } = this.#options;
    await approvals.cancel(hold.id, call.principal.id);
    if (isModern(call)) return resultReply(acknowledged);
    const latest = approvals.find(hold.id) ?? hold;
    if (this.#standOf(latest).status === 'cancelled')
      return resultReply(this.#state({ call, hold: latest, taskId }));
    return errorReply({ code: errorCodes.invalidParams, message: 'The task cannot be cancelled any more' });
  }

  /** Waits for the end of the task (2025-11-25). */
  async #result({ call, hold, taskId }: Asked): Promise<Reply> {
    const { approvals, clock, carryOut } = this.#options;
    const until = clock.now() + Math.min(longestWaitMs, hold.terms.waitMs);
    const left = () => Math.max(0, until - clock.now());
    let latest = await approvals.wait(hold, left(), call.signal);
    if (latest.state === 'approved') {
      void carryOut(latest, call.principal);
      latest = await approvals.waitForResult(latest, left(), call.signal);
    }
    latest = approvals.find(hold.id) ?? latest;
    const stand = this.#standOf(latest);
    if (stand.status === 'cancelled')
      return errorReply({ code: errorCodes.invalidParams, message: stand.message });
    if (stand.outcome === undefined) {
      const asked = { kind: 'method' } as const;
      return heldReply({ kind: 'suspended', callId: call.id, hold: latest }, asked, this.#asker(call));
    }
    return related(this.#replyTo(stand.outcome, call), taskId);
  }

  #standOf(hold: Hold): TaskStand {
    const { approvals, clock } = this.#options;
    return standOf(hold, hold.state === 'used' ? approvals.resultOf(hold.id) : undefined, clock.now());
  }

  #members(hold: Hold, { call, taskId }: { call: Call; taskId: string }): Record<string, unknown> {
    return this.#told(hold, { taskId, era: isModern(call) ? 'modern' : 'legacy' });
  }

  #told(hold: Hold, told: Pick<ToldTask, 'taskId' | 'era'>): Record<string, unknown> {
    const { keptMs, linkTo } = this.#options;
    return taskMembers(hold, this.#standOf(hold), { ...told, keptMs: keptMs(), page: linkTo?.(hold.id) });
  }

  #metaOf(hold: Hold, call: Call): Record<string, unknown> {
    return isModern(call) ? { ...holdMeta(hold), ...serverMeta(this.#options.serverInfo) } : holdMeta(hold);
  }

  #replyTo(outcome: Outcome, call: Call): Reply {
    const asked = { method: 'tools/call', kind: 'tool', target: call.target } as const;
    return replyOf(outcome, asked, this.#asker(call));
  }

  #asker(call: Call) {
    return { era: isModern(call) ? 'modern' : 'legacy', serverInfo: this.#options.serverInfo } as const;
  }
}

function isModern({ arrival }: Call): boolean {
  return arrival.revision === modernRevision;
}

/** Such results name the task that they are of. */
function related(reply: Reply, taskId: string): Reply {
  const prefix = '"result":';
  if (!reply.body.startsWith(prefix)) return reply;
  const members = membersOf(reply.body.slice(prefix.length));
  const [, meta = '{}'] = members.find(([name]) => name === '_meta') ?? [];
  const own = [relatedTask, JSON.stringify({ taskId })] as const;
  const rest = membersOf(meta).filter(([name]) => name !== relatedTask);
  return resultReply(
    writeObject([...members.filter(([name]) => name !== '_meta'), ['_meta', writeObject([...rest, own])]]),
  );
}
