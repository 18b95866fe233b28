import type { Server } from 'node:http';
import type { FaceOptions } from '../downstream/face-options.js';
import { createHttpFace } from '../downstream/http-face.js';
import { createListener, type RequestHandler } from '../downstream/listener.js';
import { Cancellation } from '../lib/cancellation.js';
import type { UpstreamNews } from '../model/upstream-news.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import { createStanding } from './create-approvals.js';
import type { FaceHost } from './face-host.js';
import { endConnections, listenOn, notServedHere, stopAccepting } from './http-server.js';
import { createMcpShared, type McpShared } from './mcp-options.js';
import { protectedResource } from './protected-resource.js';

/** Builds the faces of one gateway and serves those that listen. */
export class Faces {
  readonly #host: FaceHost;
  readonly #servers: Server[] = [];
  readonly #shared: McpShared;
  readonly #stopping = new Cancellation();
  readonly #startedAt: number;
  /** Where agents connect; known once it listens. */
  #url = '';
  /** Where people connect. */
  #controlUrl = '';

  constructor(host: FaceHost) {
    this.#host = host;
    this.#shared = createMcpShared(host);
    this.#startedAt = host.parts.options.clock.now();
  }

  /** Rejects with ConfigError when a port cannot be had. */
  async listen(): Promise<{ url: string; controlUrl?: string }> {
    const { parts } = this.#host;
    const { log } = parts.options;
    const { listen, control } = parts.revision.config;
    const mcp = createHttpFace({
      ...this.options,
      identify: (presented) => this.#host.identify(presented),
      resource: () => protectedResource(parts.revision.config.auth, this.#url),
      knowsEndpoint: (name) => parts.upstreams.has(name),
      accepting: () => this.#host.accepting(),
      maxBodyBytes: listen.maxBodyBytes,
      stopping: this.#stopping,
    });
    const operate = this.#controlFace();
    const { publicUrl } = parts.revision.config.approvals;
    const itself = publicUrl === undefined ? [] : [new URL(publicUrl)];
    const allow = {
      hosts: [...(listen.allowedHosts ?? []), ...itself.map(({ host }) => host)],
      origins: [...(listen.allowedOrigins ?? []), ...itself.map(({ origin }) => origin)],
    };

    const agents = createListener({
      mcp,
      control: control === undefined ? operate : notServedHere,
      allow,
      log,
    });
    this.#servers.push(agents);
    const url = await listenOn(agents, listen.host, listen.port);
    this.#url = url;
    this.#controlUrl = url;
    if (control === undefined) return { url };
    const operators = createListener({ mcp: notServedHere, control: operate, allow, log });
    this.#servers.push(operators);
    this.#controlUrl = await listenOn(operators, control.host, control.port);
    return { url, controlUrl: this.#controlUrl };
  }

  /** Ends every listener; resolves when the last connection has ended. */
  async close(): Promise<void> {
    this.#stopping.abort();
    const closed = this.#servers.map(stopAccepting);
    for (const server of this.#servers) endConnections(server, this.#host.parts.options.clock);
    await Promise.all(closed);
  }

  /** What every MCP face of this gateway works with. */
  get options(): FaceOptions {
    return this.#shared.options;
  }

  /** Tells the clients that hear it what happened to upstreams. */
  heard(event: UpstreamEvent): void {
    if (event.kind === 'catalogue_changed') this.#shared.hub.catalogueChanged(event.lists);
  }

  /** Brings to the clients what an upstream says outside of any call. */
  heardNews(news: UpstreamNews): void {
    this.#shared.hub.heard(news);
  }

  /** What each caller may see may be another now. */
  policyChanged(): void {
    this.#shared.hub.policyChanged();
  }

  /** From now on no call waits for a person any more. */
  drain(): void {
    this.#shared.parked.stop();
    this.#host.parts.approvals.stopWaiting();
  }

  /** Loaded with the first request for it: over stdio, and where nobody asks, it takes no memory. */
  #controlFace(): RequestHandler {
    const host = this.#host;
    const { store, options } = host.parts;
    let face: Promise<RequestHandler> | undefined;
    const load = async (): Promise<RequestHandler> => {
      const { createOperatorFace } = await import('./operator-face.js');
      const { createLayerSources } = await import('./layer/layer-sources.js');
      return createOperatorFace({
        identify: (presented) => host.identify(presented),
        tokenMark: (credential) => host.tokenMark(credential),
        firstKey: (order) => host.firstKey.exchange(order),
        resource: () => protectedResource(host.parts.revision.config.auth, this.#url),
        readiness: () => host.readiness(),
        layerSources: createLayerSources(host.parts, host.layer()),
        approvals: host.parts.approvals,
        standing: createStanding({ store, trail: host.parts.trail, clock: options.clock }),
        kills: host.parts.guards.kills,
        limits: host.parts.guards.limits,
        snapshot: () => host.parts.revision.snapshot,
        viewApproval: host.parts.viewApproval,
        liveTokens: host.parts.liveTokens,
        receiveCallback: (name, callback) => host.parts.channels.receive(name, callback),
        carryOut: (hold) => host.carryOut(hold),
        editCall: (id, answer) => host.editCall(id, answer),
        govern: this.options.govern,
        governListing: this.options.governListing,
        requestApproval: this.#shared.requestApproval,
        sessions: host.parts.sessions,
        trail: host.parts.trail,
        tools: () => host.parts.upstreams.tools(),
        config: () => host.parts.revision.config,
        broker: () => host.parts.revision.broker,
        startedAt: this.#startedAt,
        recorder: host.recorder,
        store,
        clock: options.clock,
        address: () => this.#controlUrl,
        log: options.log,
      });
    };
    return (request, response) => {
      face ??= load();
      face.then(
        (serve) => serve(request, response),
        (cause: unknown) => {
          options.log.error({ err: cause }, 'the control face cannot be loaded');
          response.destroy();
        },
      );
    };
  }
}
