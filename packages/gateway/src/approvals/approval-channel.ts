import type { ApprovalView } from '../model/approval-view.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Destination, Endpoint } from '../model/endpoint.js';
import type { Vote } from '../model/hold.js';
import type { OptionsSchema } from '../model/options-schema.js';
import type { ChannelOutcome } from './channel-outcome.js';

/** A place where people are told of calls that wait for them, and may answer. */
export interface ApprovalChannel {
  /**
   * True where people are there only as long as this process is, as at its terminal. Others are told by one process of
   * those that share a store, and what could not be told is told later, after a restart, too.
   */
  readonly live?: boolean;
  /**
   * Tells people, and resolves once they are told; with a text of the channel's own about where its message is, which
   * comes back with what there is to tell of the same hold later. What rejects is tried again.
   */
  tell(notice: ChannelNotice, signal: CancelSignal): Promise<string | undefined>;
  /** Reads what a service sends to this channel, and answers with what its people want. Throws CallbackFault. */
  receive?(callback: ChannelCallback): Promise<CallbackReply>;
  /** The gateway stops, or the channel is not configured any more. */
  close?(): void;
}

/** Something to tell: that a call waits, that somebody has answered, or that it waits no more. */
export interface ChannelNotice {
  /** The same for every try of telling the same. */
  readonly id: string;
  /** What people are shown, as it is now; an answer is wanted while its state is `pending`. */
  readonly view: ApprovalView;
  /** Goes back with an answer. Good for this channel and what is told here, once. */
  readonly token: string;
  /** Where the message about this hold is. */
  readonly place?: string | undefined;
  /** A page where a person who proves who they are can look and answer; opening it decides nothing. */
  readonly link?: string | undefined;
}

/** A request of a service. */
export interface ChannelCallback {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Exactly as it came. */
  readonly body: string;
}

export interface CallbackReply {
  readonly status: number;
  /** JSON; none for an empty body. */
  readonly body?: object;
}

/** A callback that nobody has to believe. */
export class CallbackFault extends Error {
  readonly reason: 'unsigned' | 'malformed';

  constructor(reason: CallbackFault['reason'], message: string) {
    super(message);
    this.name = 'CallbackFault';
    this.reason = reason;
  }
}

/** What somebody says over a channel. */
export interface ChannelAnswer {
  readonly token: string;
  /** Who says it, in the words of the channel, which has made sure of that. */
  readonly person: string;
  readonly verdict: Vote['verdict'];
  readonly note?: string | undefined;
}

/**
 * Describes a kind of channel: a plain value that a configuration names. `create` is called for each configured one, at
 * each start and reload; what it throws refuses the configuration.
 */
export interface ApprovalChannelPlugin<Options = unknown> {
  readonly kind: 'approval-channel';
  readonly name: string;
  readonly options: OptionsSchema<Options>;
  create(options: Options, context: ChannelContext): ApprovalChannel | Promise<ApprovalChannel>;
}

/** What a channel is given by the gateway. */
export interface ChannelContext {
  /** How the configuration calls this one. */
  readonly name: string;
  /** How long telling may take. */
  readonly timeoutMs: number;
  /** The folder that relative paths start from. */
  readonly baseDir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls `run` once after `ms` milliseconds; the returned function cancels. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Where services send what `receive` reads; undefined where the configuration does not say how they reach the gateway. */
  readonly callbackUrl?: string | undefined;
  /** Opens the way to a service; throws for an address to which the gateway does not go. */
  readonly connect: (destination: Destination) => Endpoint;
  /** Whether `mac` is the HMAC-SHA-256 of `text`, in hexadecimal, with the secret of a reference. */
  readonly isSigned: (reference: string, text: string, mac: string) => Promise<boolean>;
  /** Answers for a person. Whether they may is looked at by the gateway, which records it. */
  readonly answer: (answer: ChannelAnswer) => Promise<ChannelOutcome>;
}

/** Options with which a channel cannot work; `path` leads to the one that is wrong. */
export class ChannelFault extends Error {
  readonly path: readonly PropertyKey[];

  constructor(path: readonly PropertyKey[], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ChannelFault';
    this.path = path;
  }
}

/** Describes a channel; what it returns is the plug-in that a configuration can `use`. */
export function defineApprovalChannel<Options>(
  plugin: Omit<ApprovalChannelPlugin<Options>, 'kind'>,
): ApprovalChannelPlugin<Options> {
  return { kind: 'approval-channel', ...plugin };
}
