import type { Readable, Writable } from 'node:stream';
import type { EditCall } from '../control/approval-answer-routes.js';
import type { Readiness } from '../control/gateway-routes.js';
import type { PresentedCredential } from '../control/rest/admit.js';
import { serveStdio } from '../downstream/stdio-face.js';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Gatekeeper } from '../identity/gatekeeper.js';
import { stateOfKey } from '../identity/key-ring.js';
import type { Call } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import type { UpstreamStatus } from '../model/upstream.js';
import type { Store } from '../store/open-store.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import { assemble, type Parts, type Revision } from './assemble.js';
import { createGatekeeper } from './callers.js';
import { Changes } from './changes.js';
import { checkExposure } from './config/check-exposure.js';
import type { ConfigError } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { currentCaller } from './current-caller.js';
import { createEditedCalls } from './edited-calls.js';
import { Faces } from './faces.js';
import { FirstKey } from './first-key.js';
import type { GatewayOptions } from './gateway-options.js';
import { HeldExecutor, type HeldExecutorParts } from './held-executor.js';
import { InFlight } from './in-flight.js';
import type { LayerDesk } from './layer/layer-desk.js';
import { readinessOf } from './readiness.js';
import { type CountingRecorder, createRecorder } from './recorder.js';
import { Rollout } from './rollout.js';
import { callerInSession, withShownSession } from './session-entry.js';

/** A gateway: one configuration put together and served until it is stopped. */
export class Gateway {
  readonly #parts: Parts;
  readonly #rollout: Rollout;
  readonly #inFlight = new InFlight();
  /** For a gateway that nobody has a key for yet. */
  readonly firstKey: FirstKey;
  readonly #recorder: CountingRecorder;
  #listening: Promise<unknown> = Promise.resolve();
  readonly #faces: Faces;
  readonly #changes: Changes;
  readonly #executor: HeldExecutor;
  readonly #editCall: EditCall;
  #gatekeeper: Gatekeeper | undefined;
  #state: 'starting' | 'open' | 'draining' | 'stopped' = 'starting';
  /** Resolves when every upstream has come up or failed and the rules fit; lists wait for it. */
  #opened: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  readonly #stopStdio = new AbortController();

  private constructor(parts: Parts, rollout: Rollout) {
    this.#parts = parts;
    this.#rollout = rollout;
    this.#recorder = createRecorder(parts.trail, parts.options.clock);
    const { store, trail, options } = parts;
    this.firstKey = new FirstKey({ store, trail, clock: options.clock, recorder: this.#recorder });
    this.#faces = new Faces({
      firstKey: this.firstKey,
      parts,
      inFlight: this.#inFlight,
      recorder: this.#recorder,
      whenReady: (call) => this.#whenReady(call),
      accepting: () => this.#state === 'open' || this.#state === 'starting',
      identify: (presented) => this.#identify(presented),
      tokenMark: (credential) => this.#gatekeeper?.tokenMark(credential),
      readiness: () => this.readiness(),
      layer: () => this.layer,
      carryOut: (hold, asking) => this.#executor.carryOut(hold, asking),
      editCall: (id, answer) => this.#editCall(id, answer),
    });
    const carrying = carryingParts(parts, this.#faces);
    this.#executor = new HeldExecutor(carrying);
    this.#editCall = createEditedCalls({ ...carrying, redact: (text) => parts.house.redactor.redact(text) });
    this.#changes = new Changes({
      parts,
      rollout,
      accepting: () => this.#state === 'open' || this.#state === 'starting',
      isOpen: () => this.#state === 'open',
      opened: () => this.#opened,
      prepare: (next) => this.#prepare(next),
      onChanged: () => {
        this.#parts.channels.follow(this.#parts.revision);
        this.#faces.policyChanged();
      },
    });
  }

  /** Opens the store; throws ConfigError for a configuration that cannot work. */
  static async open(options: GatewayOptions): Promise<Gateway> {
    let gateway: Gateway | undefined;
    const parts = await assemble(options, {
      onEvent(event) {
        if (gateway !== undefined) gateway.#heard(event);
      },
      onNews(news) {
        if (gateway !== undefined) gateway.#faces.heardNews(news);
      },
    });
    gateway = new Gateway(parts, new Rollout(parts));
    return gateway;
  }

  /** The state of each upstream. */
  upstreams(): readonly UpstreamStatus[] {
    return this.#parts.upstreams.status();
  }

  get store(): Store {
    return this.#parts.store;
  }

  /**
   * Over HTTP: listens at once and resolves when every upstream has come up or failed. Over stdio: resolves at once, for
   * a client does not wait. Rejects with ConfigError when the configuration or a port does not work.
   */
  async start(): Promise<{ url?: string; controlUrl?: string }> {
    if (this.#parts.options.mode === 'stdio') {
      void this.#openUp();
      return {};
    }
    const listening = this.#openDoors();
    this.#listening = listening;
    const urls = await listening;
    await this.#openUp();
    return urls;
  }

  async #openDoors(): Promise<{ url: string; controlUrl?: string }> {
    const { revision } = this.#parts;
    checkExposure(revision.config, await this.hasCallers());
    this.#gatekeeper = await this.#createGatekeeper(revision);
    await this.firstKey.offer(revision.config);
    if (this.#state !== 'starting') throw new Error('the gateway was stopped while it started');
    return this.#faces.listen();
  }

  /** Whether anybody could be let in: a key that is valid now, a configured token, or no authentication at all. */
  async hasCallers(): Promise<boolean> {
    const { auth } = this.#parts.revision.config;
    if (auth.mode === 'none' || auth.tokens.length > 0 || auth.issuers.length > 0) return true;
    if (auth.signIn !== undefined) return true;
    const now = this.#parts.options.clock.now();
    const keys = await this.store.keys.list();
    return keys.some((key) => stateOfKey(key, now) === 'active');
  }

  /** Serves one client until its input ends. Its calls wait until the upstreams have come up or failed. */
  async serveStdio(input: Readable, output: Writable, principal: Principal): Promise<void> {
    const stop = this.#stopStdio.signal;
    const served = serveStdio({ ...this.#faces.options, input, output, principal, stop });
    try {
      await Promise.race([served, this.#opened.then(() => served)]);
    } finally {
      this.#stopStdio.abort();
    }
  }

  /** Swaps in a new configuration whole; throws ConfigError and changes nothing when it cannot work. */
  reload(config: EffectiveConfig): Promise<void> {
    return this.#changes.reload(config);
  }

  /** Where policies and upstreams are made, changed and removed while the gateway runs. */
  get layer(): LayerDesk {
    return this.#changes.desk;
  }

  /** Says in the trail and in readiness that a changed configuration was refused. */
  rejectReload(cause: ConfigError): void {
    this.#rollout.rejected(cause, 'file');
  }

  readiness(): Readiness {
    return readinessOf(this.#state, this.#parts, this.#rollout.faults());
  }

  /** No new calls, then waits for those under way, ends every upstream and closes the store. Safe to call twice. */
  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stop(reason);
    return this.#stopped;
  }

  async #stop(reason: string): Promise<void> {
    this.#state = 'draining';
    this.#stopStdio.abort();
    this.#faces.drain();
    this.#executor.end();
    this.#parts.channels.end();
    // Timers that wait for others to end do not keep a program alive; this one does until they have.
    const stay = setInterval(() => undefined, 1000);
    try {
      await Promise.allSettled([this.#listening, this.#changes.end()]);
      await this.#end(reason);
    } finally {
      clearInterval(stay);
    }
  }

  async #end(reason: string): Promise<void> {
    const { trail, upstreams, store, options, revision, approvals, guards } = this.#parts;
    // Until the last call has ended, probes hear that we are stopping and callers can still cancel.
    await this.#inFlight.idle(options.clock, revision.config.shutdown.drainSeconds * 1000);
    await this.#faces.close();
    approvals.end();
    guards.kills.end();
    await upstreams.close();
    this.#recorder.end();
    await trail.write('gateway.stopped', { reason }).catch(() => undefined);
    await store.close();
    this.#state = 'stopped';
  }

  /** The trail and the rules first: clients that hear of a change ask for the lists at once. */
  #heard(event: UpstreamEvent): void {
    this.#rollout.heard(event);
    this.#faces.heard(event);
  }

  async #prepare(next: Revision): Promise<{ take(): void }> {
    const gatekeeper = await this.#createGatekeeper(next);
    return {
      take: () => {
        this.#gatekeeper = gatekeeper;
      },
    };
  }

  #createGatekeeper({ config, broker }: Revision): Promise<Gatekeeper> {
    const { store, options, liveTokens } = this.#parts;
    const { clock, log } = options;
    return createGatekeeper({ config, store, broker, clock, log, liveTokens });
  }

  /** A call whose tool is known goes ahead while other upstreams are still starting; who asks for a list waits. */
  #whenReady(call?: Call): Promise<void> | undefined {
    if (this.#state !== 'starting') return undefined;
    if (call === undefined) return this.#opened;
    const { endpoint, kind, target } = call;
    // Before all lists are there, a resource that none names may be anybody's.
    const located = this.#parts.upstreams.locate(endpoint, kind, target);
    return located?.definition === undefined ? this.#opened : undefined;
  }

  #openUp(): Promise<void> {
    this.#opened = this.#bringUp();
    // Whoever waits for it hears of the failure; calls that wait are refused.
    this.#opened.catch(() => undefined);
    return this.#opened;
  }

  async #bringUp(): Promise<void> {
    this.#parts.approvals.begin();
    this.#parts.guards.kills.begin();
    this.#recordLate();
    await this.#rollout.begin();
    await this.#rollout.settled();
    if (this.#state !== 'starting') return;
    this.#state = 'open';
    this.#executor.begin();
    this.#parts.channels.follow(this.#parts.revision);
    this.#parts.channels.begin();
    this.#changes.begin();
  }

  /** What was stopped, and could not be recorded then. What cannot be recorded now either waits for the next start. */
  #recordLate(): void {
    const { guards, sessions, options } = this.#parts;
    const refused = (cause: unknown) =>
      options.log.error({ err: cause }, 'what was stopped before cannot be recorded');
    guards.kills
      .recordLate()
      .then(() => sessions.recordLate())
      .catch(refused);
  }

  #identify(presented: PresentedCredential) {
    if (this.#gatekeeper === undefined) throw new AuthenticationFailure('unknown');
    const { sessions } = this.#parts;
    const shown = (principal: Principal) => withShownSession(principal, presented.session, sessions);
    const principal = this.#gatekeeper.identify(presented);
    return principal instanceof Promise ? principal.then(shown) : shown(principal);
  }
}

function carryingParts(parts: Parts, faces: Faces): HeldExecutorParts {
  const { approvals, store, options, liveTokens } = parts;
  const { clock, log } = options;
  const known = currentCaller({ store, clock, liveTokens, config: () => parts.revision.config });
  const callerNow = callerInSession(known, parts.sessions);
  return { approvals, govern: faces.options.govern, clock, log, callerNow };
}

/** Puts a gateway together; nothing runs until it is started. */
export function openGateway(options: GatewayOptions): Promise<Gateway> {
  return Gateway.open(options);
}
