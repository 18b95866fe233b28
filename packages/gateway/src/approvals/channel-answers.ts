import type { Hold } from '../model/hold.js';
import type { Principal } from '../model/principal.js';
import type { ChannelAnswer } from './approval-channel.js';
import type { ApprovalDesk } from './approval-desk.js';
import { type ChannelOutcome, refusedOverChannel } from './channel-outcome.js';
import type { DeskDeps } from './desk-deps.js';
import type { NoticeSource } from './live-notices.js';
import type { NoticeTokens } from './notice-token.js';
import { recordRefusedTry } from './record-refused-try.js';
import { whyNotAnswer } from './who-may-answer.js';

export interface ChannelAnswerDeps {
  /** Of the channel. */
  readonly name: string;
  readonly desk: Pick<ApprovalDesk, 'find' | 'answer'>;
  readonly record: DeskDeps['record'];
  /** Puts into the trail that somebody came with a token that is none, or of a hold that is forgotten. */
  readonly forged: (person: string) => void;
  readonly tokens: NoticeTokens;
  readonly source: NoticeSource;
  /** Whether who says yes there proves at that moment who they are, as calls of high risk want it. */
  readonly isFresh: boolean;
  /** As whom a person of the channel may answer now; nobody for one who is not known. */
  readonly people: (person: string) => Promise<readonly Principal[]>;
}

/** Takes what people say over one channel: for what they were shown, once, and as whom the configuration says they are. */
export function channelAnswers(deps: ChannelAnswerDeps): (answer: ChannelAnswer) => Promise<ChannelOutcome> {
  const { name, desk, tokens, source } = deps;
  return async (answer) => {
    const token = tokens.read(answer.token);
    const hold = token === undefined ? undefined : desk.find(token.hold);
    if (token === undefined || hold === undefined) {
      deps.forged(answer.person);
      return refusedOverChannel('token');
    }
    const by = personFor(await deps.people(answer.person), hold);
    if (by === undefined) return refused(deps, hold, { answer, problem: 'stranger' });
    if (!source.spend(name, hold.id, token.version)) return refused(deps, hold, { answer, problem: 'token' });
    const { verdict, note } = answer;
    const outcome = await desk
      .answer(hold.id, { by, verdict, channel: name, seen: token.bind, note, isFresh: deps.isFresh })
      .catch((cause: unknown) => {
        source.unspend(name, hold.id, token.version);
        throw cause;
      });
    if (outcome.kind === 'refused') source.unspend(name, hold.id, token.version);
    return outcome;
  };
}

/** Of the credentials that a person has, one with which they may answer; else any, so that the reason is told. */
function personFor(people: readonly Principal[], hold: Hold): Principal | undefined {
  return people.find((one) => whyNotAnswer(one, hold) === undefined) ?? people[0];
}

interface Refused {
  readonly answer: ChannelAnswer;
  readonly problem: 'token' | 'stranger';
}

async function refused(
  { name, record }: ChannelAnswerDeps,
  hold: Hold,
  { answer, problem }: Refused,
): Promise<ChannelOutcome> {
  // A second click on a message that is about to be replaced is nobody's attack.
  if (problem === 'token' && hold.state !== 'pending')
    return { kind: 'refused', problem: 'decided', message: 'The hold is answered or over already.' };
  const outcome = refusedOverChannel(problem);
  const message = outcome.kind === 'refused' ? outcome.message : '';
  await recordRefusedTry(record, hold, { by: `${name}:${answer.person}`, channel: name, message });
  return outcome;
}
