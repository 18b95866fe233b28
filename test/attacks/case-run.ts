import type { AttackCase } from './corpus.js';
import type { Fixture } from './fixture.js';
import { Placeholders } from './placeholders.js';
import { type Endpoint, type Exchange, type HttpResponse, headerOf, messageOf } from './raw-http.js';
import type { Received } from './upstreams/fixture-server.mjs';

/** One answered step: what came back, and the loop counters it was sent with. */
export interface Answered {
  readonly exchange: Exchange;
  readonly counters: Readonly<Record<string, string>>;
}

/** Everything a case has done so far, for its later steps and its expectations. */
export class CaseRun {
  readonly fixture: Fixture;
  readonly endpoint: Endpoint;
  readonly placeholders: Placeholders;
  readonly startedAt: number = Date.now();
  readonly pendingCalls = new Map<string, Promise<Exchange>>();
  /** In order of their steps. */
  readonly answered: Answered[] = [];
  /** Every answer saved under a name: one per turn of a loop. */
  readonly saved = new Map<string, Answered[]>();
  readonly dumps = new Map<string, string>();
  readonly logBefore: number;
  readonly #receivedBefore: Readonly<Record<string, number>>;

  constructor(fixture: Fixture, address: number) {
    const { host, port } = fixture.names;
    this.fixture = fixture;
    // A source address of its own gives each case fresh counters; other systems than Linux have only one loopback.
    const localAddress = process.platform === 'linux' ? `127.0.1.${address}` : host;
    this.endpoint = { host, port, localAddress };
    this.placeholders = new Placeholders(fixture.names);
    this.logBefore = fixture.gateway.log.length;
    this.#receivedBefore = Object.fromEntries(
      Object.entries(fixture.upstreams).map(([id, upstream]) => [id, upstream.received.length]),
    );
  }

  /** Text with its placeholders replaced. */
  expand(text: string, counters: Readonly<Record<string, string>> = {}): string {
    return this.placeholders.expand(text, (name) => counters[name] ?? this.#savedValue(name));
  }

  /** What the upstream (`*`: any) received during this case. */
  received(upstream: string): Received[] {
    return Object.entries(this.fixture.upstreams)
      .filter(([id]) => upstream === '*' || upstream === id)
      .flatMap(([id, fixture]) => fixture.received.slice(this.#receivedBefore[id]));
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

  #savedValue(name: string): string | undefined {
    const [, saved, path = ''] = /^saved:([^.]+)\.(.+)$/.exec(name) ?? [];
    const response = saved === undefined ? undefined : this.response(saved);
    if (response === undefined) return undefined;
    if (path.startsWith('header.')) return headerOf(response.headers, path.slice(7));
    const value = (messageOf(response)?.result as Record<string, unknown> | undefined)?.[path];
    return typeof value === 'string' ? value : undefined;
  }
}

export type Problems = readonly string[];

/** A case that the gateway under test failed. */
export class CaseFailure extends Error {
  constructor(one: AttackCase, problems: Problems) {
    super(`${one.id} (${one.severity}) ${one.title}:\n  ${problems.join('\n  ')}`);
    this.name = 'CaseFailure';
  }
}
