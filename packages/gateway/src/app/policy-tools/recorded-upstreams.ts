import { systemClock } from '../../lib/clock.js';
import { parseJson } from '../../lib/json/parse-json.js';
import type { JsonObject } from '../../model/json.js';
import type { Log } from '../../model/log.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { Connection, OutgoingRequest, ServerFacts } from '../../upstreams/connection.js';
import { Upstreams } from '../../upstreams/upstreams.js';
import { catalogueTermsOf } from '../catalogue-terms.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { upstreamSpecsOf } from '../upstream-specs.js';
import type { OfferSnapshot, ServerOffer } from './offer-snapshot.js';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The upstreams of a configuration as they were when their offers were recorded, for as long as `use` takes: named and
 * laid out by the gateway's own rules, with nothing started and nobody asked. Those without an offer are down.
 */
export async function withRecordedUpstreams<Result>(
  config: EffectiveConfig,
  snapshot: OfferSnapshot,
  use: (upstreams: Upstreams) => Promise<Result> | Result,
): Promise<Result> {
  const connect = async ({ id }: { id: string }) => {
    const offer = Object.hasOwn(snapshot, id) ? snapshot[id] : undefined;
    if (offer === undefined) throw new UpstreamFailure('unavailable', 'it is not in the snapshot', false);
    return new RecordedServer(offer);
  };
  const upstreams = new Upstreams({
    clock: systemClock,
    log: silent,
    resolve: async () => new Map(),
    baseEnvironment: {},
    version: '',
    redact: (text) => text,
    prefix: config.names.prefix,
    jitter: () => 0,
    onEvent: () => {},
    connectors: { stdio: connect, http: connect, sse: connect },
  });
  try {
    await upstreams.apply(upstreamSpecsOf(config), catalogueTermsOf(config));
    await upstreams.settled();
    return await use(upstreams);
  } finally {
    await upstreams.close();
  }
}

/** Answers the lists of one server, and nothing else. */
class RecordedServer implements Connection {
  readonly pid = undefined;
  readonly busy = false;
  readonly #offer: ServerOffer;

  constructor(offer: ServerOffer) {
    this.#offer = offer;
  }

  async start(): Promise<ServerFacts> {
    const { tools, prompts, resources, resourceTemplates } = this.#offer;
    return {
      revision: '2025-11-25',
      tools: tools !== undefined,
      prompts: prompts !== undefined,
      resources: resources !== undefined || resourceTemplates !== undefined,
      completions: true,
      logging: false,
      subscribe: false,
      listChanged: { tools: false, prompts: false, resources: false },
      capabilities: {},
    };
  }

  async request({ method }: OutgoingRequest): Promise<UpstreamReply> {
    const list = listedBy[method];
    if (list === undefined) throw new UpstreamFailure('unavailable', 'it is a record of a server', false);
    const items = (this.#offer[list] ?? []).map(({ text }) => text);
    const { text, value } = parseJson(`{"${list}":[${items.join(',')}]}`);
    return { kind: 'result', result: { text, value: value as JsonObject } };
  }

  notify(): void {}

  async follow(): Promise<void> {}

  async memoryBytes(): Promise<undefined> {
    return undefined;
  }

  async idle(): Promise<void> {}

  async close(): Promise<void> {}
}

const listedBy: Readonly<Record<string, keyof ServerOffer | undefined>> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};
