import type { Hold } from '../model/hold.js';
import { givenIn } from '../store/hold-row.js';
import type { Notice, NoticeTable } from '../store/notice-table.js';
import type { ApprovalDesk } from './approval-desk.js';

/** Where a dispatch finds what a channel is still to be told, and marks what it was. */
export type NoticeSource = Pick<
  NoticeTable,
  'claim' | 'settle' | 'postpone' | 'giveUp' | 'spend' | 'unspend'
>;

interface Known {
  told: number;
  spent: number;
  claimed: boolean;
  place?: string | undefined;
}

/** Open holds that a live channel keeps up with, the oldest first; further ones come when these are answered. */
const mostFollowed = 100;

/** What there is to tell of a hold: that it waits, and one more for each answer and for its end. */
function versionOf({ votes, state, decidedAt }: Hold): number {
  // The last answer and the end that it brings are told as one.
  const given = givenIn(votes);
  const told = state === 'pending' && decidedAt !== undefined ? given - 1 : given;
  return 1 + told + (state === 'pending' ? 0 : 1);
}

/** The notices of a channel that lives and dies with this process: made of the holds themselves, kept in memory. */
export class LiveNotices implements NoticeSource {
  readonly #desk: Pick<ApprovalDesk, 'list' | 'find'>;
  readonly #tenant: string;
  readonly #known = new Map<string, Known>();

  constructor(desk: Pick<ApprovalDesk, 'list' | 'find'>, tenant: string) {
    this.#desk = desk;
    this.#tenant = tenant;
  }

  claim(channel: string, { limit }: { readonly limit: number }): Notice[] {
    const open = this.#desk
      .list({ tenant: this.#tenant, state: 'pending', limit: mostFollowed })
      .toReversed();
    const isOpen = new Set(open.map(({ id }) => id));
    for (const { id } of open)
      if (!this.#known.has(id)) this.#known.set(id, { told: 0, spent: 0, claimed: false });
    const others = [...this.#known.keys()].filter((id) => !isOpen.has(id));
    // What is over is told first: nobody is to be asked about it any more.
    return [
      ...others.flatMap((id) => this.#over(channel, id) ?? []),
      ...open.flatMap((hold) => this.#due(channel, hold) ?? []),
    ].slice(0, limit);
  }

  #over(channel: string, id: string): Notice | undefined {
    const hold = this.#desk.find(id);
    const known = this.#known.get(id);
    if (hold !== undefined && known?.told !== 0) return this.#due(channel, hold);
    if (known?.claimed === false) this.#known.delete(id);
    return undefined;
  }

  #due(channel: string, hold: Hold): Notice | undefined {
    const known = this.#known.get(hold.id);
    const version = versionOf(hold);
    if (known === undefined || known.claimed || version <= known.told) return undefined;
    known.claimed = true;
    return { channel, hold: hold.id, version, told: known.told, attempts: 1, place: known.place };
  }

  settle({ hold, version }: Notice, place?: string): void {
    const known = this.#known.get(hold);
    if (known === undefined) return;
    known.claimed = false;
    known.told = Math.max(known.told, version);
    known.place = place ?? known.place;
    const now = this.#desk.find(hold);
    if (now === undefined || (now.state !== 'pending' && versionOf(now) <= known.told))
      this.#known.delete(hold);
  }

  /** Who is there is told again as soon as there is something new. */
  postpone(notice: Notice): void {
    this.settle(notice);
  }

  giveUp(notice: Notice): void {
    this.settle(notice);
  }

  spend(_channel: string, hold: string, version: number): boolean {
    const known = this.#known.get(hold);
    if (known === undefined || known.spent >= version) return false;
    known.spent = version;
    return true;
  }

  unspend(_channel: string, hold: string, version: number): void {
    const known = this.#known.get(hold);
    if (known?.spent === version) known.spent = version - 1;
  }
}
