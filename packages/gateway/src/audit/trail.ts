/// <reference lib="es2024.string" />
import { type Clock, isoTime } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { Arrival, Call } from '../model/call.js';
import type { Decision } from '../model/decision.js';
import type { JsonObject, JsonObjectText, JsonValue } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { AuditRecord, JournalEntry, RecordPayload, RecordType } from '../model/record.js';
import type { Target } from '../model/target.js';
import { clip } from './clip.js';
import { type Content, type ContentPolicy, keepContent } from './keep-content.js';

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
  readonly target: Target | undefined;
  readonly decision: Decision | undefined;
  /** Present when the call ended here. */
  readonly refused?: { readonly code: string; readonly detail?: string | undefined };
}

export interface CallEnd {
  readonly state: 'executed' | 'refused' | 'unknown';
  readonly ms: number;
  /** The result as the caller gets it: known secrets are out of it already. */
  readonly result?: JsonObjectText;
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

  decided({ call, target, decision, refused }: DecidedCall): Promise<void> {
    const { redact, content } = this.#options;
    const kept =
      call.args === undefined ? undefined : keepContent('args', this.#withoutSecrets(call.args), content());
    const members = {
      args: kept?.commitment,
      at: isoTime(call.at),
      call: call.id,
      caller: callerOf(call.principal),
      code: refused?.code,
      detail: this.#detail(refused?.detail),
      effect: effectOf(decision, refused?.code),
      log: this.#options.logName,
      mcp: protocolOf(call.method, call.arrival),
      policy:
        decision === undefined ? undefined : { rev: decision.revision, rule: decision.rule?.toWellFormed() },
      tenant: call.principal.tenant,
      tool: target === undefined ? { name: clip(redact(call.target)) } : targetOf(target),
      type: 'call.decided' as const,
      v: 1 as const,
      writer: this.#options.writer,
    };
    return this.#commit(members, call.id, kept?.payloads);
  }

  ended(call: Call, target: Target | undefined, end: CallEnd): Promise<void> {
    const { content, clock } = this.#options;
    const kept = end.result === undefined ? undefined : keepContent('result', end.result, content());
    const members = {
      at: isoTime(clock.now()),
      call: call.id,
      caller: callerOf(call.principal),
      code: end.code,
      detail: this.#detail(end.detail),
      error: end.error === true ? true : undefined,
      log: this.#options.logName,
      ms: end.ms,
      outcome: end.state,
      result: kept?.commitment,
      tenant: call.principal.tenant,
      tool: target === undefined ? undefined : targetOf(target),
      type: 'call.outcome' as const,
      v: 1 as const,
      writer: this.#options.writer,
    };
    return this.#commit(members, call.id, kept?.payloads);
  }

  listed(by: { principal: Principal; arrival: Arrival; endpoint?: string }, tools: number): Promise<void> {
    return this.#commit({
      at: isoTime(this.#options.clock.now()),
      caller: callerOf(by.principal),
      log: this.#options.logName,
      mcp: protocolOf('tools/list', by.arrival),
      tenant: by.principal.tenant,
      tools,
      type: 'list.answered',
      upstream: by.endpoint?.toWellFormed(),
      v: 1,
      writer: this.#options.writer,
    });
  }

  /** Records an event that nobody waits for; a failure to write shows in the log and in readiness. */
  note(type: RecordType, members: JsonObject): void {
    this.write(type, members).catch((cause: unknown) => {
      this.#options.log.error({ err: cause, type }, 'an audit record could not be written');
    });
  }

  /** Like `note`, for events that must be durable before the next step. */
  write(type: RecordType, members: JsonObject): Promise<void> {
    const { clock, logName: log, writer } = this.#options;
    const common = { v: 1 as const, type, at: isoTime(clock.now()), writer, log, tenant: 'default' };
    return this.#commit({ ...common, ...this.#clean(members) });
  }

  /** Texts in these events come from people and upstreams: they are short, and known secrets are taken out. */
  #clean(members: JsonObject): JsonObject {
    return Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        name,
        typeof value === 'string' ? clip(this.#options.redact(value)) : value,
      ]),
    );
  }

  #withoutSecrets(args: JsonObjectText): Content {
    const text = this.#options.redact(args.text);
    return text === args.text ? args : { text };
  }

  #detail(detail: string | undefined): string | undefined {
    return detail === undefined ? undefined : clip(this.#options.redact(detail));
  }

  #commit(members: Members, call?: string, payloads?: readonly RecordPayload[]): Promise<void> {
    return this.#options.commit({
      // A call has one record of each type, so its id and one letter name the entry.
      id: call === undefined ? newId() : `${call}${members.type === 'call.decided' ? 'd' : 'o'}`,
      // Absent members are left out when the entry is written as JSON.
      record: members as AuditRecord,
      ...(call === undefined ? undefined : { call }),
      ...(payloads === undefined ? undefined : { payloads }),
    });
  }
}

/** The members of a record in RFC 8785 order, which saves sorting them; those that are undefined are absent. */
type Members = { readonly [Name in keyof AuditRecord]: AuditRecord[Name] | MemberValue };
type MemberValue = JsonValue | undefined | { readonly [name: string]: JsonValue | undefined };

/** Names come from people, upstreams and the configuration; the store would repair half a surrogate pair too, slowly. */
function callerOf(principal: Principal): JsonObject {
  return { cred: principal.credential.toWellFormed(), id: principal.id.toWellFormed() };
}

function protocolOf(method: string, arrival: Arrival): JsonObject {
  return { method: method.toWellFormed(), rev: arrival.revision, via: arrival.transport };
}

/** A call refused for another reason than policy was still not allowed to run. */
function effectOf(decision: Decision | undefined, code: string | undefined): string {
  if (decision?.effect === 'hide') return 'hide';
  return code === undefined ? 'allow' : 'deny';
}

function targetOf(target: Target): MemberValue {
  const name = target.name.toWellFormed();
  const exposed = target.exposedName === target.name ? undefined : target.exposedName.toWellFormed();
  return { def: target.digest, exposed, name, upstream: target.upstream };
}
