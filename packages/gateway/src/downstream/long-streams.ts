import type { ServerResponse } from 'node:http';
import type { Principal } from '../model/principal.js';
import type { HttpFaceOptions, StreamLimits } from './face-options.js';
import { isStillLetIn } from './http-identity.js';
import type { Visit } from './http-visit.js';
import type { KeepAlive, QuietReply } from './keep-alive.js';

/** A stream that stays open until one side has enough of it. */
export interface LongStream {
  /** Sends something without meaning. */
  keepAlive(): void;
  /** Ends the connection that it is sent on; where `only` is given, only if that is the one. */
  disconnect(only?: ServerResponse): void;
}

const defaults: StreamLimits = { perPrincipal: 256, total: 1536, recheckMs: 3000 };

/** All streams that stay open: counted, kept alive, and ended when their caller may no longer come in. */
export class LongStreams {
  readonly #options: HttpFaceOptions;
  readonly #keepAlive: KeepAlive;
  readonly #limits: StreamLimits;
  readonly #open = new Set<OpenStream>();
  #isChecking = false;

  constructor(options: HttpFaceOptions, keepAlive: KeepAlive) {
    this.#options = options;
    this.#keepAlive = keepAlive;
    this.#limits = { ...defaults, ...options.streams };
    options.stopping?.addEventListener('abort', () => {
      for (const { stream } of this.#open) stream.disconnect();
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether one more of this caller fits. */
  hasRoomFor({ principal }: Visit): boolean {
    if (this.#open.size >= this.#limits.total) return false;
    const own = [...this.#open].filter(({ visit }) => isSame(visit.principal, principal));
    return own.length < this.#limits.perPrincipal;
  }

  /** The stream is sent as the answer of the visit until that connection ends; `ended` is told so once. */
  watch(visit: Visit, stream: LongStream, ended: () => void): void {
    if (visit.response.destroyed) {
      ended();
      return;
    }
    const open = new OpenStream(visit, stream);
    this.#open.add(open);
    this.#keepAlive.watch(open);
    if (!this.#isChecking) this.#checkLater();
    visit.response.once('close', () => {
      this.#open.delete(open);
      this.#keepAlive.forget(open);
      ended();
    });
    if (this.#options.stopping?.aborted === true) stream.disconnect();
  }

  /** Whoever does not read the end of the stream until the next look is cut off. */
  #check(open: OpenStream): void {
    if (open.isRefused) {
      open.visit.response.destroy();
      return;
    }
    const answer = isStillLetIn(this.#options, open.visit);
    if (answer === false) refuse(open);
    else if (answer !== true)
      void answer.then((isLetIn) => {
        if (!isLetIn) refuse(open);
      });
  }

  #checkLater(): void {
    this.#isChecking = true;
    this.#options.clock.after(this.#limits.recheckMs, () => {
      this.#isChecking = false;
      for (const open of this.#open) this.#check(open);
      if (this.#open.size > 0) this.#checkLater();
    });
  }
}

class OpenStream implements QuietReply {
  readonly visit: Visit;
  readonly stream: LongStream;
  /** Its caller may no longer come in. */
  isRefused = false;
  silentTicks = 0;
  place = -1;

  constructor(visit: Visit, stream: LongStream) {
    this.visit = visit;
    this.stream = stream;
  }

  keepAlive(): void {
    this.stream.keepAlive();
  }
}

function refuse(open: OpenStream): void {
  open.isRefused = true;
  open.stream.disconnect(open.visit.response);
}

function isSame(one: Principal, other: Principal): boolean {
  return one.id === other.id && one.tenant === other.tenant;
}
