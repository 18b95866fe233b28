import type { Log } from '../../model/log.js';

/** Answers under way at once, but for those that somebody gave: more would take the sockets of calls. */
const mostAtOnce = 16;

/** Posts the answers to a server's own requests. A server that asks faster than it takes answers goes without most of them. */
export class HttpReplies {
  readonly #log: Log;
  readonly #upstream: string;
  #underWay = 0;
  #toldOfDropped = false;

  constructor(log: Log, upstream: string) {
    this.#log = log;
    this.#upstream = upstream;
  }

  /** `awaited`: somebody was asked for it, so it is posted in any case. */
  post(send: () => Promise<void>, awaited: boolean): void {
    if (awaited || this.#underWay < mostAtOnce) {
      this.#underWay++;
      void send().finally(() => this.#underWay--);
    } else if (!this.#toldOfDropped) {
      this.#toldOfDropped = true;
      this.#log.debug({ upstream: this.#upstream }, 'requests of the upstream go unanswered: too many');
    }
  }
}
