import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { SignInDesk } from '../identity/sign-in/sign-in-desk.js';
import type { Clock } from '../lib/clock.js';
import type { Hold } from '../model/hold.js';
import type { Principal } from '../model/principal.js';
import type { ControlVariables } from './control-variables.js';
import { holdJson } from './hold-json.js';
import { Problem } from './rest/problem.js';

export interface StreamSource {
  readonly approvals: Pick<ApprovalDesk, 'hear'>;
  readonly clock: Clock;
  readonly signIns: Pick<SignInDesk, 'find'>;
}

/** Each holds a connection, and the listener has only so many. */
const mostStreams = 64;
/** Who opens it again shows that their key is still good. */
const longestMs = 300_000;
const keepAliveMs = 15_000;
/** A reader that is so far behind is cut off, and looks at the list when it comes back. */
const mostUnread = 1000;

/** Answers with an event for each change of a hold, from now on, as this process makes them. */
export function approvalStream({ approvals, clock, signIns }: StreamSource) {
  let open = 0;
  return (context: Context<ControlVariables>, { tenant }: Principal): Response => {
    if (open >= mostStreams) throw new Problem('full', `There are ${mostStreams} such streams already.`);
    open += 1;
    const signIn = context.get('signIn');
    const isOver = () => signIn !== undefined && signIns.find(signIn) === undefined;
    return streamSSE(context, async (stream) => {
      const changes = new Changes(clock);
      const deaf = approvals.hear((hold) => {
        if (hold.tenant === tenant) changes.add(hold);
      });
      const stopTimer = clock.after(longestMs, () => changes.end());
      stream.onAbort(() => changes.end());
      try {
        await stream.write(': open\n\n');
        for (let next = await changes.next(); next !== 'end'; next = await changes.next()) {
          if (isOver()) break;
          if (next === 'quiet') await stream.write(': quiet\n\n');
          else await stream.writeSSE({ event: 'hold', data: JSON.stringify(holdJson(next)) });
        }
      } finally {
        open -= 1;
        deaf();
        stopTimer();
      }
    });
  };
}

/** What one reader has not read yet. */
class Changes {
  readonly #clock: Clock;
  readonly #unread: Hold[] = [];
  #wake: () => void = () => undefined;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(hold: Hold): void {
    if (this.#unread.length >= mostUnread) this.end();
    else this.#unread.push(hold);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next change, or that there was none for a while. */
  async next(): Promise<Hold | 'quiet' | 'end'> {
    if (!this.#ended && this.#unread.length === 0) await this.#something();
    return this.#ended ? 'end' : (this.#unread.shift() ?? 'quiet');
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#clock.after(keepAliveMs, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}
