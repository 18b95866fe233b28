/// <reference lib="es2024.string" />
import type { ChannelConfig } from '#contract';
import type { CallbackReply, ChannelAnswer, ChannelCallback } from '../approvals/approval-channel.js';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { ViewApproval } from '../approvals/approval-viewer.js';
import { channelAnswers } from '../approvals/channel-answers.js';
import { type AttachedChannel, ChannelDispatch } from '../approvals/channel-dispatch.js';
import { type ChannelOutcome, refusedOverChannel } from '../approvals/channel-outcome.js';
import { LiveNotices } from '../approvals/live-notices.js';
import { NoticeTokens } from '../approvals/notice-token.js';
import type { Trail } from '../audit/trail.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { type CreatedChannel, withoutSlash } from './create-channels.js';
import { localOperator } from './local-operator.js';
import { peopleOf } from './people.js';

export interface ChannelHostParts {
  readonly store: Store;
  readonly desk: ApprovalDesk;
  readonly trail: Pick<Trail, 'write' | 'note'>;
  readonly view: ViewApproval;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => EffectiveConfig;
}

const renewMs = 12 * 3_600_000;

/** What of a revision it looks at. */
export interface Followed {
  readonly file: EffectiveConfig;
  readonly channels: readonly CreatedChannel[];
}

interface Connected extends AttachedChannel {
  readonly tenant: string;
  readonly answer: (answer: ChannelAnswer) => Promise<ChannelOutcome>;
}

/** The channels of one gateway: connects those of the configuration in force with the desk. */
export class ChannelHost {
  readonly #parts: ChannelHostParts;
  readonly #dispatch: ChannelDispatch;
  /** Made with the first channel. */
  #key: Uint8Array | undefined;
  #connected: readonly Connected[] = [];
  #stopRenewing: () => void = () => undefined;
  /** The configuration that they are of. */
  #file: EffectiveConfig | undefined;

  constructor(parts: ChannelHostParts) {
    this.#parts = parts;
    const { desk, clock, log, trail, view } = parts;
    this.#dispatch = new ChannelDispatch({
      desk,
      clock,
      log,
      view,
      note: (type, members) => trail.note(type, members),
      linkTo: (hold) => this.#linkTo(hold),
    });
  }

  /** The channels of this revision and no others from now on; they stay as they are where only policies changed. */
  follow({ file, channels: created }: Followed): void {
    if (file === this.#file) return;
    this.#file = file;
    const { store, clock } = this.#parts;
    const before = lasting(this.#connected);
    this.#connected = created.map((one) => this.#connect(one));
    const after = lasting(this.#connected);
    const gone = before.filter(({ name }) => !after.some((one) => one.name === name));
    store.notices.withdraw(gone.map(({ name }) => name));
    store.notices.enroll(after, clock.now());
    this.#dispatch.use(this.#connected);
  }

  begin(): void {
    this.#dispatch.begin();
    this.#renewLater();
  }

  end(): void {
    this.#stopRenewing();
    this.#dispatch.end();
  }

  /** The store forgets channels that no gateway has named for a week. */
  #renewLater(): void {
    const { store, clock, log } = this.#parts;
    this.#stopRenewing = clock.after(renewMs, () => {
      this.#renewLater();
      try {
        store.notices.enroll(lasting(this.#connected), clock.now());
      } catch (cause) {
        log.warn({ err: cause }, 'channels cannot be named in the store at the moment');
      }
    });
  }

  /** For what comes over the channel of a name. */
  answer(name: string, answer: ChannelAnswer): Promise<ChannelOutcome> {
    const found = this.#connected.find((one) => one.name === name);
    return found?.answer(answer) ?? Promise.resolve(refusedOverChannel('token'));
  }

  /** Undefined where there is no such channel, or none that services call. Rejects with CallbackFault. */
  receive(name: string, callback: ChannelCallback): Promise<CallbackReply> | undefined {
    return this.#dispatch.find(name)?.receive?.(callback);
  }

  #connect({ name, channel, timeoutMs, entry }: CreatedChannel): Connected {
    const { store, desk, trail, clock, config } = this.#parts;
    const { tenant } = entry;
    this.#key ??= store.secretFile('notice-key', 32);
    const tokens = new NoticeTokens(this.#key, name);
    const source = channel.live === true ? new LiveNotices(desk, tenant) : store.notices;
    const people =
      'people' in entry
        ? peopleOf(entry.people, { keys: store.keys, clock, config, tenant })
        : async (): Promise<readonly Principal[]> => [localOperator('terminal', tenant)];
    const answer = channelAnswers({
      name,
      desk,
      record: (type, members) => trail.write(type, members),
      forged: (person) =>
        trail.note('auth.failed', {
          source: `channel:${name}`,
          reason: 'unknown',
          detail: `an answer of ${person.slice(0, 128).toWellFormed()} without a token of ours`,
        }),
      tokens,
      source,
      people,
      isFresh: isAtTerminal(entry),
    });
    return { name, tenant, channel, timeoutMs, tokens, source, answer };
  }

  #linkTo(hold: string): string | undefined {
    const { publicUrl } = this.#parts.config().approvals;
    return publicUrl === undefined ? undefined : `${withoutSlash(publicUrl)}/approve/${hold}`;
  }
}

/** Whoever types there is there now, as on the command line. */
function isAtTerminal(entry: ChannelConfig): boolean {
  return 'kind' in entry && entry.kind === 'terminal';
}

function lasting(connected: readonly Connected[]): readonly Connected[] {
  return connected.filter(({ channel }) => channel.live !== true);
}
