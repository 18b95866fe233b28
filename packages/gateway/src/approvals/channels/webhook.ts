import { channelOptions } from '#contract';
import {
  CallbackFault,
  type CallbackReply,
  type ChannelAnswer,
  type ChannelCallback,
  type ChannelContext,
  defineApprovalChannel,
} from '../approval-channel.js';
import type { ChannelOutcome } from '../channel-outcome.js';

/** How far the clock of the service may be off, in either direction. */
const freshMs = 5 * 60_000;
const mostReplyBytes = 64 * 1024;
const longestText = 4096;

/** Posts each notice to a service of the operator's own, signed, and takes its signed answers. */
export const webhook = defineApprovalChannel({
  name: 'webhook',
  options: channelOptions.webhook,
  create({ secret, ...destination }, context) {
    const { timeoutMs, connect, callbackUrl } = context;
    const endpoint = connect({ ...destination, signWith: secret });
    return {
      async tell({ id, view, token, link }) {
        const isOpen = view.state === 'pending';
        const event = {
          id,
          event: isOpen ? 'approval.wanted' : 'approval.over',
          channel: context.name,
          approval: view,
          link,
          ...(isOpen ? { callback: { url: callbackUrl, token } } : {}),
        };
        const { status } = await endpoint.post(JSON.stringify(event), {
          timeoutMs,
          maxBytes: mostReplyBytes,
        });
        if (status < 200 || status > 299) throw new Error(`the service answered ${status}`);
        return undefined;
      },
      async receive(callback) {
        await checkSignature(callback, secret, context);
        return replyTo(await context.answer(answerIn(callback.body)));
      },
    };
  },
});

async function checkSignature(
  { headers, body }: ChannelCallback,
  secret: string,
  { now, isSigned }: ChannelContext,
): Promise<void> {
  const timestamp = headers['x-sallyport-timestamp'] ?? '';
  const [, mac = ''] = /^v1=([0-9a-f]{64})$/.exec(headers['x-sallyport-signature'] ?? '') ?? [];
  const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(now() - Number(timestamp) * 1000) <= freshMs;
  if (!isFresh)
    throw new CallbackFault('unsigned', 'The timestamp is missing, or not of these five minutes.');
  if (!(await isSigned(secret, `${timestamp}.${body}`, mac)))
    throw new CallbackFault('unsigned', 'The signature is missing or wrong.');
}

function answerIn(body: string): ChannelAnswer {
  const value = parsed(body);
  const stranger = Object.keys(value).find((key) => !['token', 'person', 'verdict', 'note'].includes(key));
  if (stranger !== undefined)
    throw new CallbackFault('malformed', `"${stranger}" is no member of an answer.`);
  const { token, person, verdict, note } = value;
  const isText = (one: unknown): one is string => typeof one === 'string' && one.length <= longestText;
  if (!isText(token) || !isText(person) || !(note === undefined || isText(note)))
    throw new CallbackFault('malformed', 'token and person, and note where there is one, must be texts.');
  if (verdict !== 'approve' && verdict !== 'deny')
    throw new CallbackFault('malformed', 'verdict must be "approve" or "deny".');
  return { token, person, verdict, note };
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new CallbackFault('malformed', 'The body must be a JSON object.');
}

function replyTo(outcome: ChannelOutcome): CallbackReply {
  if (outcome.kind === 'taken') return { status: 200, body: { state: outcome.hold.state } };
  const { problem, message } = outcome;
  return { status: statuses[problem], body: { code: problem, message } };
}

const statuses: Record<Extract<ChannelOutcome, { kind: 'refused' }>['problem'], number> = {
  unknown: 404,
  token: 409,
  stranger: 403,
  forbidden: 403,
  step_up: 403,
  not_editable: 409,
  note_missing: 400,
  decided: 409,
  expired: 409,
  changed: 409,
  voted: 409,
  unrecorded: 503,
};
