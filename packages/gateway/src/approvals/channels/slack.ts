import { channelOptions } from '#contract';
import type { Endpoint } from '../../model/endpoint.js';
import {
  CallbackFault,
  type ChannelCallback,
  type ChannelContext,
  defineApprovalChannel,
} from '../approval-channel.js';
import { slackMessage } from '../slack-message.js';

/** As Slack says: an older request may be a repeated one. */
const freshMs = 5 * 60_000;
const mostReplyBytes = 256 * 1024;

/** A message with buttons in a channel of Slack; it is replaced when the hold is over. */
export const slack = defineApprovalChannel({
  name: 'slack',
  options: channelOptions.slack,
  create({ token, signingSecret, channel, apiUrl, ...reach }, context) {
    const headers = { Authorization: `Bearer \${${token}}` };
    const method = (name: string): SlackMethod => {
      const endpoint = context.connect({ ...reach, url: `${apiUrl.replace(/\/+$/, '')}/${name}`, headers });
      return (message) => call(endpoint, message, context.timeoutMs);
    };
    const post = method('chat.postMessage');
    const update = method('chat.update');
    const whisper = method('chat.postEphemeral');
    return {
      async tell({ view, token: answerToken, place, link }) {
        const message = slackMessage(view, { token: answerToken, link });
        const [at, ts] = place?.split(' ') ?? [];
        if (at !== undefined && ts !== undefined) {
          await update({ channel: at, ts, ...message });
          return place;
        }
        const reply = await post({ channel, ...message });
        return `${textIn(reply.channel)} ${textIn(reply.ts)}`;
      },
      async receive(callback) {
        await checkSignature(callback, signingSecret, context);
        const click = clickIn(callback.body);
        if (click === 'link') return { status: 200 };
        const outcome = await context.answer(click);
        if (outcome.kind === 'refused') {
          const told = { channel: click.at, user: click.person, text: outcome.message, parse: 'none' };
          // Slack wants its answer soon, and that the person learns why is not worth failing for.
          whisper(told).catch(() => undefined);
        }
        return { status: 200 };
      },
    };
  },
});

type SlackMethod = (message: object) => Promise<Readonly<Record<string, unknown>>>;

async function call(endpoint: Endpoint, message: object, timeoutMs: number): ReturnType<SlackMethod> {
  const { status, body } = await endpoint.post(JSON.stringify(message), {
    timeoutMs,
    maxBytes: mostReplyBytes,
  });
  if (status !== 200) throw new Error(`Slack answered ${status}`);
  const reply = objectIn(Buffer.from(body).toString('utf8'));
  if (reply?.ok === true) return reply;
  const { error } = reply ?? {};
  const word = typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) ? error : 'something else than JSON';
  throw new Error(`Slack answered "${word}"`);
}

async function checkSignature(
  { headers, body }: ChannelCallback,
  signingSecret: string,
  { now, isSigned }: ChannelContext,
): Promise<void> {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const [, mac = ''] = /^v0=([0-9a-f]{64})$/.exec(headers['x-slack-signature'] ?? '') ?? [];
  const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(now() - Number(timestamp) * 1000) <= freshMs;
  if (!isFresh)
    throw new CallbackFault('unsigned', 'The timestamp is missing, or not of these five minutes.');
  if (!(await isSigned(signingSecret, `v0:${timestamp}:${body}`, mac)))
    throw new CallbackFault('unsigned', 'The signature is missing or wrong.');
}

interface Click {
  readonly token: string;
  readonly person: string;
  readonly verdict: 'approve' | 'deny';
  /** The channel of the message. */
  readonly at: string;
}

/** A form with one field, whose value is the JSON of what was done. */
function clickIn(body: string): Click | 'link' {
  const payload = objectIn(new URLSearchParams(body).get('payload') ?? '');
  const user = objectAt(payload?.user);
  const actions: unknown = payload?.actions;
  const action = objectAt(Array.isArray(actions) ? actions[0] : undefined);
  const at = textIn(objectAt(payload?.channel)?.id ?? objectAt(payload?.container)?.channel_id);
  // Slack tells of a button that only opens a page, too.
  if (payload?.type === 'block_actions' && action?.action_id === 'open') return 'link';
  const [person, token, verdict] = [textIn(user?.id), textIn(action?.value), action?.action_id];
  if (payload?.type !== 'block_actions' || person === '' || (verdict !== 'approve' && verdict !== 'deny'))
    throw new CallbackFault('malformed', 'This is no click on a button of a message of ours.');
  return { token, person, verdict, at };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectAt(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function objectAt(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
