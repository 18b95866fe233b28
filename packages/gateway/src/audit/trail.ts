import { type Clock, isoTime } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { Arrival, Call } from '../model/call.js';
import type { Decision } from '../model/decision.js';
import type { JsonObject } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { AuditRecord, JournalEntry, RecordPayload, RecordType } from '../model/record.js';
import type { Tool } from '../model/tool.js';
import { clip } from './clip.js';
import { type ContentPolicy, keepContent } from './keep-content.js';

export interface TrailOptions {
  readonly commit: (entry: JournalEntry) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Which process writes, for example `host/4711`. */
  readonly writer: string;
  /** Name of the log: all records of one gateway share it. */
  readonly logName: string;
  readonly content: () => ContentPolicy;
  /** Takes known secrets out of kept text. */
  readonly redact: (text: string) => string;
}

export interface DecidedCall {
  readonly call: Call;
  readonly tool: Tool | undefined;
  readonly decision: Decision | undefined;
  /** Present when the call ended here. */
  readonly refused?: { readonly code: string; readonly detail?: string | undefined };
}

export interface CallEnd {
  readonly state: 'executed' | 'refused' | 'unknown';
  readonly ms: number;
  /** JSON text of the result, where there is one. */
  readonly result?: string;
  /** Whether the tool or the upstream reported an error. */
  readonly error?: boolean;
  readonly code?: string;
  readonly detail?: string | undefined;
}

/** Writes the audit trail. Each method resolves when its record is durable and rejects when that is unknown. */
export class Trail {
  readonly #options: TrailOptions;

  constructor(options: TrailOptions) {
    this.#options = options;
  }

  decided({ call, tool, decision, refused }: DecidedCall): Promise<void> {
    const { redact, content } = this.#options;
    const kept = call.args === undefined ? undefined : keepContent('args', redact(call.args.text), content());
    const record = this.#record('call.decided', call.at, {
      call: call.id,
      tenant: call.principal.tenant,
      caller: callerOf(call.principal),
      effect: effectOf(decision, refused?.code),
      mcp: protocolOf(call.method, call.arrival),
      ...(decision === undefined ? {} : { policy: policyOf(decision) }),
      tool: tool === undefined ? { name: clip(redact(call.target)) } : toolOf(tool),
      ...(refused === undefined ? {} : { code: refused.code, ...this.#detail(refused.detail) }),
      ...kept?.members,
    });
    return this.#commit(record, call.id, kept?.payloads);
  }

  ended(call: Call, end: CallEnd): Promise<void> {
    const { redact, content, clock } = this.#options;
    const kept = end.result === undefined ? undefined : keepContent('result', redact(end.result), content());
    const record = this.#record('call.outcome', clock.now(), {
      call: call.id,
      tenant: call.principal.tenant,
      caller: callerOf(call.principal),
      ms: end.ms,
      outcome: end.state,
      ...(end.error === true ? { error: true } : {}),
      ...(end.code === undefined ? {} : { code: end.code }),
      ...this.#detail(end.detail),
      ...kept?.members,
    });
    return this.#commit(record, call.id, kept?.payloads);
  }

  listed(by: { principal: Principal; arrival: Arrival; endpoint?: string }, tools: number): Promise<void> {
    const record = this.#record('list.answered', this.#options.clock.now(), {
      tenant: by.principal.tenant,
      caller: callerOf(by.principal),
      mcp: protocolOf('tools/list', by.arrival),
      tools,
      ...(by.endpoint === undefined ? {} : { upstream: by.endpoint }),
    });
    return this.#commit(record);
  }

  /** Records an event that nobody waits for; a failure to write shows in the log and in readiness. */
  note(type: RecordType, members: JsonObject): void {
    const record = this.#record(type, this.#options.clock.now(), members);
    this.#commit(record).catch((cause: unknown) => {
      this.#options.log.error({ err: cause, type }, 'an audit record could not be written');
    });
  }

  /** Like `note`, for events that must be durable before the next step. */
  write(type: RecordType, members: JsonObject): Promise<void> {
    return this.#commit(this.#record(type, this.#options.clock.now(), members));
  }

  #record(type: RecordType, at: number, members: JsonObject): AuditRecord {
    const { writer, logName } = this.#options;
    return { v: 1, type, at: isoTime(at), writer, log: logName, tenant: 'default', ...members };
  }

  #detail(detail: string | undefined): { detail?: string } {
    return detail === undefined ? {} : { detail: clip(this.#options.redact(detail)) };
  }

  #commit(record: AuditRecord, call?: string, payloads?: readonly RecordPayload[]): Promise<void> {
    return this.#options.commit({
      id: newId(),
      record,
      ...(call === undefined ? {} : { call }),
      ...(payloads === undefined ? {} : { payloads }),
    });
  }
}

function callerOf(principal: Principal): JsonObject {
  return { id: principal.id, cred: principal.credential };
}

function protocolOf(method: string, arrival: Arrival): JsonObject {
  return { method, rev: arrival.revision, via: arrival.transport };
}

function policyOf(decision: Decision): JsonObject {
  return { rev: decision.revision, ...(decision.rule === undefined ? {} : { rule: decision.rule }) };
}

/** A call refused for another reason than policy was still not allowed to run. */
function effectOf(decision: Decision | undefined, code: string | undefined): string {
  if (decision?.effect === 'hide') return 'hide';
  return code === undefined ? 'allow' : 'deny';
}

function toolOf(tool: Tool): JsonObject {
  return {
    name: tool.name,
    upstream: tool.upstream,
    def: tool.digest,
    ...(tool.exposedName === tool.name ? {} : { exposed: tool.exposedName }),
  };
}
