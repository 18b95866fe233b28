/// <reference lib="es2024.string" />
import { type Clock, isoTime } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { Arrival, Call } from '../model/call.js';
import type { Charge, Settlement } from '../model/charge.js';
import type { QuestionMethod } from '../model/client.js';
import type { Decision } from '../model/decision.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { AuditRecord, JournalEntry, RecordPayload, RecordType } from '../model/record.js';
import type { RefusalCode } from '../model/refusal.js';
import type { Target } from '../model/target.js';
import { clip } from './clip.js';
import { type Content, type ContentPolicy, keepContent } from './keep-content.js';
import {
  amountOf,
  attemptOf,
  callerOf,
  effectOf,
  evaluationsOf,
  type Members,
  policyOf,
  protocolOf,
  reservationsOf,
  sessionOf,
  settlementsOf,
  shadowOf,
  targetOf,
  unknownTargetOf,
} from './record-members.js';
import { member, RecordTexts } from './record-texts.js';

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
  /** What is reserved for it. */
  readonly charges?: readonly Charge[] | undefined;
  /** What the tool costs by itself, whether a budget counts it or not. */
  readonly priceMicros?: bigint | undefined;
  /** The hold that it waits in, or whose approval it used. */
  readonly hold?: string | undefined;
  /** Whether it waits for a person. */
  readonly isHeld?: boolean;
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
  /** What became of what was reserved. */
  readonly settled?: readonly Settlement[] | undefined;
  /** What the price came to. */
  readonly paidMicros?: bigint | undefined;
}

/** A question of an upstream to the client behind a call. */
export interface AskedQuestion {
  readonly call: Call;
  readonly target: Target;
  /** Counts the questions of the call, from 1. */
  readonly number: number;
  readonly method: QuestionMethod;
  /** What is kept of its params. */
  readonly params: Content;
  /** Where the person is sent, for a question that is a page. */
  readonly origin?: string | undefined;
  readonly decision: Decision | undefined;
  /** Present when the question was not put. */
  readonly refused?: { readonly code: string; readonly detail?: string | undefined } | undefined;
}

export interface AnsweredQuestion extends Pick<AskedQuestion, 'call' | 'target' | 'number' | 'method'> {
  readonly answer: 'accept' | 'decline' | 'cancel' | 'error';
  /** How long the client took. */
  readonly ms: number;
  readonly result?: JsonObjectText | undefined;
  /** Of an error. */
  readonly code?: string | undefined;
}

export interface AnsweredList {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly endpoint?: string | undefined;
  /** Which list: `tools/list`, … */
  readonly method: string;
  /** Why it was refused. */
  readonly code?: RefusalCode | undefined;
}

/** Writes the audit trail. Each method resolves when its record is durable and rejects when that is unknown. */
export class Trail {
  readonly #options: TrailOptions;
  readonly #texts: RecordTexts;

  constructor(options: TrailOptions) {
    this.#options = options;
    this.#texts = new RecordTexts(options);
  }

  decided(facts: DecidedCall): Promise<void> {
    const { call, target, decision, refused, charges, priceMicros, hold, isHeld } = facts;
    const { redact, content } = this.#options;
    const kept =
      call.args === undefined ? undefined : keepContent('args', this.#withoutSecrets(call.args), content());
    const unknown = () => member('tool', unknownTargetOf(call.kind, redact(call.target)));
    const isPassing = refused === undefined && isHeld !== true;
    const args = kept?.commitment === undefined ? '' : `"args":${JSON.stringify(kept.commitment)},`;
    const text =
      `{${args}"at":"${isoTime(call.at)}"${member('attempt', attemptOf(call, isPassing))}${member('budget', reservationsOf(charges))},"call":${JSON.stringify(call.id)}` +
      this.#texts.caller(call.principal) +
      member('code', refused?.code) +
      member('detail', this.#detail(refused?.detail)) +
      member('edits', call.edited?.hold) +
      member('effect', isHeld === true ? 'ask' : effectOf(decision, refused?.code)) +
      member('evaluators', evaluationsOf(decision, redact)) +
      member('hold', hold) +
      this.#texts.log +
      this.#texts.protocol(call.method, call.arrival) +
      this.#texts.policy(decision) +
      member('price', amountOf(priceMicros)) +
      member('session', sessionOf(call.principal)) +
      member('shadow', shadowOf(decision)) +
      this.#texts.tenant(call.principal) +
      (target === undefined ? unknown() : this.#texts.tool(target)) +
      `,"type":"call.decided"${this.#texts.end}`;
    return this.#commit(text, { id: `${call.id}d`, call: call.id, payloads: kept?.payloads });
  }

  ended(call: Call, target: Target | undefined, end: CallEnd): Promise<void> {
    const { content, clock } = this.#options;
    const kept = end.result === undefined ? undefined : keepContent('result', end.result, content());
    const text =
      `{"at":"${isoTime(clock.now())}"${member('budget', settlementsOf(end.settled))},"call":${JSON.stringify(call.id)}` +
      this.#texts.caller(call.principal) +
      member('code', end.code) +
      member('detail', this.#detail(end.detail)) +
      (end.error === true ? ',"error":true' : '') +
      this.#texts.log +
      `,"ms":${end.ms},"outcome":"${end.state}"${member('price', amountOf(end.paidMicros))}${member('result', kept?.commitment)}` +
      member('session', sessionOf(call.principal)) +
      this.#texts.tenant(call.principal) +
      (target === undefined ? '' : this.#texts.tool(target)) +
      `,"type":"call.outcome"${this.#texts.end}`;
    return this.#commit(text, { id: `${call.id}o`, call: call.id, payloads: kept?.payloads });
  }

  /** Before an upstream's question is put to the client of a call, or when it is refused. */
  asked({ call, target, number, method, decision, refused, ...more }: AskedQuestion): Promise<void> {
    const { clock, content, redact } = this.#options;
    const kept = keepContent('args', more.params, content());
    const members = {
      args: kept?.commitment,
      at: isoTime(clock.now()),
      call: call.id,
      caller: callerOf(call.principal),
      code: refused?.code,
      detail: this.#detail(refused?.detail),
      effect: effectOf(decision, refused?.code),
      log: this.#options.logName,
      mcp: protocolOf(method, call.arrival),
      n: number,
      policy: policyOf(decision),
      session: sessionOf(call.principal),
      shadow: shadowOf(decision),
      tenant: call.principal.tenant,
      tool: targetOf(target, redact),
      type: 'call.question' as const,
      url: more.origin === undefined ? undefined : clip(redact(more.origin)),
      v: 1 as const,
      writer: this.#options.writer,
    };
    return this.#commit(members, { id: `${call.id}q${number}`, call: call.id, payloads: kept?.payloads });
  }

  /** Before the client's answer is handed to the upstream. */
  answered({ call, target, number, method, answer, ms, ...more }: AnsweredQuestion): Promise<void> {
    const { clock, content, redact } = this.#options;
    const kept =
      more.result === undefined
        ? undefined
        : keepContent('result', this.#withoutSecrets(more.result), content());
    const members = {
      answer,
      at: isoTime(clock.now()),
      call: call.id,
      caller: callerOf(call.principal),
      code: more.code,
      log: this.#options.logName,
      mcp: protocolOf(method, call.arrival),
      ms,
      n: number,
      result: kept?.commitment,
      session: sessionOf(call.principal),
      tenant: call.principal.tenant,
      tool: targetOf(target, redact),
      type: 'call.answer' as const,
      v: 1 as const,
      writer: this.#options.writer,
    };
    return this.#commit(members, { id: `${call.id}a${number}`, call: call.id, payloads: kept?.payloads });
  }

  /** `count` is how much the caller may see, on all pages together; 0 with a `code` for a list that was refused. */
  listed({ principal, arrival, endpoint, method, code }: AnsweredList, count: number): Promise<void> {
    return this.#commit({
      at: isoTime(this.#options.clock.now()),
      caller: callerOf(principal),
      code,
      count,
      log: this.#options.logName,
      mcp: protocolOf(method, arrival),
      session: sessionOf(principal),
      tenant: principal.tenant,
      type: 'list.answered',
      upstream: endpoint?.toWellFormed(),
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

  #commit(members: Members | string, entry?: Entry): Promise<void> {
    const { id = newId(), call, payloads } = entry ?? unbound;
    return this.#options.commit({
      id,
      // Absent members are left out when the entry is written as JSON.
      record: members as AuditRecord | string,
      ...(call === undefined ? undefined : { call }),
      ...(payloads === undefined ? undefined : { payloads }),
    });
  }
}

/** The records of one call are told apart by what follows its id: `d`ecided, `o`utcome, `q`uestion and `a`nswer 1, 2, … */
interface Entry {
  readonly id?: string;
  readonly call?: string;
  readonly payloads?: readonly RecordPayload[] | undefined;
}

const unbound: Entry = {};
