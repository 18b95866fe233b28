import type { AttackCase } from './corpus.js';
import type { Fixture } from './fixture.js';
import type { Counters, HttpStep } from './http-step.js';
import type { OpenConnections, OpenStream } from './open-connections.js';
import type { PageVisit } from './page-visit.js';
import { Placeholders } from './placeholders.js';
import { type Endpoint, type Exchange, type HttpResponse, headerOf, messageOf } from './raw-http.js';
import { makeToken } from './tokens.js';
import type { Received } from './upstreams/fixture-server.mjs';

/** One answered step: what came back, and the loop counters it was sent with. */
export interface Answered {
  readonly exchange: Exchange;
  readonly counters: Readonly<Record<string, string>>;
}

/** A call that goes on beside the steps after it. */
export interface BackgroundCall {
  readonly step: HttpStep;
  readonly counters: Counters;
  readonly exchange: Promise<Exchange>;
  readonly leaving: AbortController;
}

/** What became of an answer to a hold. */
export interface Decision {
  readonly hold: string;
  readonly verdict: 'approve' | 'deny';
  readonly status: number;
}

/** How a gateway ended that a step started besides the one of the fixture; null for one that went on. */
export interface Ended {
  readonly code: number | null;
  readonly log: string;
}

/** By which the calls of the other caller are known: they are no part of the attack. */
export const otherCallersArgs = '{"other":true}';

/** Everything a case has done so far, for its later steps and its expectations. */
export class CaseRun {
  readonly fixture: Fixture;
  readonly endpoint: Endpoint;
  readonly placeholders: Placeholders;
  readonly startedAt: number = Date.now();
  readonly pendingCalls = new Map<string, BackgroundCall>();
  /** In order of their steps. */
  readonly answered: Answered[] = [];
  /** Every answer saved under a name: one per turn of a loop. */
  readonly saved = new Map<string, Answered[]>();
  readonly dumps = new Map<string, string>();
  /** Ids of holds, by the name that the case gives them. */
  readonly holds = new Map<string, string>();
  readonly streams = new Map<string, OpenStream>();
  /** What people have open in a browser. */
  readonly pages = new Map<string, PageVisit>();
  readonly ended: Ended[] = [];
  readonly decisions: Decision[] = [];
  /** Connections that a step opened, and whether the gateway has ended them. */
  readonly connections: OpenConnections[] = [];
  /** What steps started beside the fixture. */
  readonly leftOver: { close(): unknown }[] = [];
  /** Something that an upstream still does. */
  readonly underWay: Promise<unknown>[] = [];
  /** Milliseconds that each call of another caller took meanwhile; Infinity for one that failed. */
  otherCallerMs: number[] = [];
  /** The place that an attacker wants the gateway to ask. */
  namedUrl = '';
  /** Whether every answer is what the expectations speak of, not the last alone. */
  judgesEach = false;
  readonly logBefore: number;
  readonly memoryBefore: number;
  readonly #tokens: NonNullable<AttackCase['tokens']>;
  readonly #pidsBefore: Readonly<Record<string, number>>;
  readonly #receivedBefore: Readonly<Record<string, number>>;

  constructor(fixture: Fixture, address: number, tokens: AttackCase['tokens'] = {}) {
    const { host, port } = fixture.names;
    this.fixture = fixture;
    this.#tokens = tokens;
    // A source address of its own gives each case fresh counters; other systems than Linux have only one loopback.
    const localAddress = process.platform === 'linux' ? `127.1.${address >> 8}.${address & 255}` : host;
    this.endpoint = { host, port, localAddress };
    this.placeholders = new Placeholders(fixture.names);
    this.logBefore = fixture.gateway.log.length;
    this.memoryBefore = process.platform === 'linux' ? fixture.gateway.residentMib : 0;
    this.#pidsBefore = Object.fromEntries(
      Object.entries(fixture.upstreams).map(([id, upstream]) => [id, upstream.pids?.length ?? 0]),
    );
    this.#receivedBefore = Object.fromEntries(
      Object.entries(fixture.upstreams).map(([id, upstream]) => [id, upstream.received.length]),
    );
  }

  /** Text with its placeholders replaced. */
  expand(text: string, counters: Readonly<Record<string, string>> = {}): string {
    return this.placeholders.expand(
      text,
      (name) => counters[name] ?? this.#token(name) ?? this.#savedValue(name),
    );
  }

  /** What the upstream (`*`: any) received during this case. */
  received(upstream: string): Received[] {
    return Object.entries(this.fixture.upstreams)
      .filter(([id]) => upstream === '*' || upstream === id)
      .flatMap(([id, fixture]) => fixture.received.slice(this.#receivedBefore[id]))
      .filter(({ args }) => JSON.stringify(args) !== otherCallersArgs);
  }

  /** How many processes of the upstream were started since the case began. */
  spawnsOf(upstream: string): number {
    return (this.fixture.upstreams[upstream]?.pids?.length ?? 0) - (this.#pidsBefore[upstream] ?? 0);
  }

  /** Ends what is still open. */
  async close(): Promise<void> {
    for (const open of [...this.streams.values(), ...this.connections, ...this.leftOver]) open.close();
    for (const { leaving } of this.pendingCalls.values()) leaving.abort();
    await Promise.all([...this.pages.values()].map((page) => page.close()));
  }

  save(name: string, answered: Answered): void {
    this.saved.set(name, [...(this.saved.get(name) ?? []), answered]);
  }

  /** The exchange of step `step` (from 1), else the last one. */
  exchange(step?: number): Exchange {
    const answered = step === undefined ? this.answered.at(-1) : this.answered[step - 1];
    if (answered === undefined) throw new Error('no step was answered');
    return answered.exchange;
  }

  /** The last answer saved under `name`, else the last answer. */
  response(name?: string): HttpResponse | undefined {
    const answered = name === undefined ? this.answered.at(-1) : this.saved.get(name)?.at(-1);
    return answered?.exchange.responses.at(-1);
  }

  #token(name: string): string | undefined {
    const token = name.startsWith('JWT:') ? this.#tokens[name.slice(4)] : undefined;
    return token && makeToken(token, (text) => this.expand(text));
  }

  #savedValue(name: string): string | undefined {
    const [, saved, path = '', how] = /^saved:([^.]+)\.([^:]+)(?::(\w+))?$/.exec(name) ?? [];
    const response = saved === undefined ? undefined : this.response(saved);
    if (response === undefined) return undefined;
    if (path.startsWith('header.')) return headerOf(response.headers, path.slice(7));
    const value = (messageOf(response)?.result as Record<string, unknown> | undefined)?.[path];
    if (typeof value !== 'string') throw new Error(`${saved} has no ${path}: ${response.body.slice(0, 300)}`);
    return how === 'flip_bit' ? withFlippedBit(value) : value;
  }
}

/** Another text of the same length: one bit of the base64url value in the middle is different. */
function withFlippedBit(text: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const at = Math.floor(text.length / 2);
  const digit = digits[digits.indexOf(text.charAt(at)) ^ 1] ?? '';
  return text.slice(0, at) + digit + text.slice(at + 1);
}

export type Problems = readonly string[];

/** A case that the gateway under test failed. */
export class CaseFailure extends Error {
  constructor(one: AttackCase, problems: Problems) {
    super(`${one.id} (${one.severity}) ${one.title}:\n  ${problems.join('\n  ')}`);
    this.name = 'CaseFailure';
  }
}
