import { Cancellation } from '../lib/cancellation.js';
import type { Clock } from '../lib/clock.js';
import { randomFraction } from '../lib/ids.js';
import type { Hold } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Notice } from '../store/notice-table.js';
import type { ApprovalChannel } from './approval-channel.js';
import type { ApprovalDesk } from './approval-desk.js';
import type { ViewApproval } from './approval-viewer.js';
import { holdMembers } from './hold-members.js';
import type { NoticeSource } from './live-notices.js';
import type { NoticeTokens } from './notice-token.js';

/** A configured channel with everything that is needed to tell it. */
export interface AttachedChannel {
  readonly name: string;
  readonly channel: ApprovalChannel;
  readonly timeoutMs: number;
  readonly tokens: NoticeTokens;
  readonly source: NoticeSource;
}

export interface DispatchDeps {
  readonly desk: Pick<ApprovalDesk, 'find' | 'hear'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Puts into the trail that a channel could not be told. */
  readonly note: (type: 'hold.notice_failed', members: JsonObject) => void;
  readonly view: ViewApproval;
  /** Where a person can look at a hold. */
  readonly linkTo: (hold: string) => string | undefined;
}

/** Other processes change holds, too, and what failed is tried again: so often is looked. */
const lookMs = 1000;
const toldAtOnce = 8;
const leaseSpareMs = 5000;
const mostAttempts = 8;
const firstPauseMs = 1000;
const longestPauseMs = 600_000;

/** Tells channels what there is to tell. While none is configured, nothing runs; there is one timer for all holds. */
export class ChannelDispatch {
  readonly #deps: DispatchDeps;
  #channels: readonly AttachedChannel[] = [];
  readonly #underWay = new Map<string, number>();
  #stop: () => void = () => undefined;
  #begun = false;
  #woken = false;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  /** From now on these are told, and those before are not. */
  use(channels: readonly AttachedChannel[]): void {
    const before = this.#channels;
    this.#channels = channels;
    for (const { channel } of before) if (!channels.some((one) => one.channel === channel)) channel.close?.();
    if (this.#begun) this.#begin();
  }

  begin(): void {
    this.#begun = true;
    this.#begin();
  }

  /** Ends all telling; channels are closed. What is under way may still end. */
  end(): void {
    this.#begun = false;
    this.#stop();
    for (const { channel } of this.#channels) channel.close?.();
    this.#channels = [];
  }

  find(name: string): ApprovalChannel | undefined {
    return this.#channels.find((one) => one.name === name)?.channel;
  }

  #begin(): void {
    this.#stop();
    if (this.#channels.length === 0) return;
    const { desk, clock } = this.#deps;
    let stopTimer: () => void = () => undefined;
    const look = (): void => {
      stopTimer = clock.after(lookMs, look);
      this.#look();
    };
    const deaf = desk.hear(() => this.#wake());
    this.#stop = () => {
      deaf();
      stopTimer();
      this.#stop = () => undefined;
    };
    look();
  }

  /** Soon, and once for all that happens in this turn: whoever changes a hold does not wait for it. */
  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      if (this.#begun) this.#look();
    });
  }

  #look(): void {
    for (const attached of this.#channels) {
      const room = toldAtOnce - (this.#underWay.get(attached.name) ?? 0);
      if (room > 0) for (const notice of this.#claim(attached, room)) void this.#tell(attached, notice);
    }
  }

  #claim({ name, source, timeoutMs }: AttachedChannel, limit: number): readonly Notice[] {
    try {
      const now = this.#deps.clock.now();
      return source.claim(name, { now, leaseMs: timeoutMs + leaseSpareMs, limit });
    } catch (cause) {
      this.#deps.log.warn({ err: cause, channel: name }, 'what a channel is to be told cannot be read now');
      return [];
    }
  }

  async #tell(attached: AttachedChannel, notice: Notice): Promise<void> {
    const { name } = attached;
    this.#underWay.set(name, (this.#underWay.get(name) ?? 0) + 1);
    try {
      await this.#tried(attached, notice);
    } catch (cause) {
      // The lease ends, and whoever looks then tries again.
      this.#deps.log.warn({ err: cause, channel: name, hold: notice.hold }, 'a notice could not be marked');
    } finally {
      this.#underWay.set(name, (this.#underWay.get(name) ?? 1) - 1);
    }
    this.#wake();
  }

  async #tried(attached: AttachedChannel, notice: Notice): Promise<void> {
    const hold = this.#deps.desk.find(notice.hold);
    const neverTold = notice.told === 0 && notice.attempts <= 1;
    if (hold === undefined || (hold.state !== 'pending' && neverTold)) return attached.source.settle(notice);
    try {
      attached.source.settle(notice, await this.#said(attached, notice, hold));
    } catch (cause) {
      this.#failed(attached, { notice, hold, why: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  async #said(attached: AttachedChannel, notice: Notice, hold: Hold): Promise<string | undefined> {
    const { channel, tokens, name, timeoutMs } = attached;
    const { version, place } = notice;
    const view = await this.#deps.view(hold);
    const token = tokens.issue({ hold: hold.id, bind: hold.bind, version });
    const link = this.#deps.linkTo(hold.id);
    const late = new Cancellation();
    return new Promise((resolve, reject) => {
      const stopTimer = this.#deps.clock.after(timeoutMs, () => {
        late.abort();
        reject(new Error(`it took longer than ${timeoutMs} ms`));
      });
      const told = Promise.resolve().then(() =>
        channel.tell({ id: `${hold.id}/${name}/${version}`, view, token, place, link }, late),
      );
      told.then(resolve, reject).finally(stopTimer);
    });
  }

  #failed({ name, source }: AttachedChannel, failure: { notice: Notice; hold: Hold; why: string }): void {
    const { notice, hold, why } = failure;
    const { clock, log, note } = this.#deps;
    const now = clock.now();
    log.warn({ channel: name, hold: hold.id, attempt: notice.attempts, why }, 'a channel could not be told');
    if (notice.attempts < mostAttempts) {
      source.postpone(notice, now + pauseMs(notice.attempts), why);
      return;
    }
    source.giveUp(notice, now, why);
    note('hold.notice_failed', { ...holdMembers(hold), via: name, attempts: notice.attempts, detail: why });
  }
}

/** One second, four, sixteen … up to ten minutes, and up to a quarter more, so that not all come back at once. */
function pauseMs(attempts: number): number {
  const pause = Math.min(firstPauseMs * 4 ** (attempts - 1), longestPauseMs);
  return Math.round(pause * (1 + randomFraction() / 4));
}
