import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { CallbackFault, type CallbackReply, type ChannelCallback } from '../approvals/approval-channel.js';
import type { ControlVariables } from './control-variables.js';
import { Problem } from './rest/problem.js';

export interface CallbackSource {
  /** Undefined where there is no such channel, or none that services call. Rejects with CallbackFault. */
  readonly receiveCallback: (
    channel: string,
    callback: ChannelCallback,
  ) => Promise<CallbackReply> | undefined;
  /** Puts into the trail that a callback was not to be believed. */
  readonly callbackRefused: (refused: {
    readonly source: string;
    readonly reason: CallbackFault['reason'];
    readonly detail: string;
  }) => void;
}

type Asked = Context<ControlVariables>;

const mostBodyBytes = 64 * 1024;

/** `/hooks/approvals/{channel}`: what services send, each in its own form. Each request proves by itself where it comes from. */
export function channelCallbackRoutes(source: CallbackSource): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  const onError = (): never => {
    throw new Problem('body_too_large', `The body is longer than ${mostBodyBytes} bytes.`);
  };
  app.post('/:channel', bodyLimit({ maxSize: mostBodyBytes, onError }), (context) =>
    received(context, source),
  );
  return app;
}

async function received(context: Asked, source: CallbackSource): Promise<Response> {
  const channel = context.req.param('channel') ?? '';
  const callback = { headers: context.req.header(), body: await context.req.text() };
  try {
    const reply = await source.receiveCallback(channel, callback);
    if (reply === undefined) throw new Problem('not_found', 'No channel takes callbacks here.');
    const { status, body } = reply;
    return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
  } catch (cause) {
    if (!(cause instanceof CallbackFault)) throw cause;
    const { reason, message } = cause;
    const peer = context.env.incoming.socket.remoteAddress ?? 'unknown';
    source.callbackRefused({ source: peer, reason, detail: `approval channel ${channel}: ${message}` });
    throw new Problem(reason === 'unsigned' ? 'not_authenticated' : 'invalid_body', message);
  }
}
