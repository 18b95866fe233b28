import { describe, test } from 'vitest';
import type { Endpoint } from '../../model/endpoint.js';
import { channelSuite } from '../../testing/index.js';
import type { ApprovalChannel, ChannelContext } from '../approval-channel.js';
import { slack } from './slack.js';
import { terminal } from './terminal.js';
import { webhook } from './webhook.js';

/** A service that takes everything. */
const service: Endpoint = {
  post: async () => ({
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify({ ok: true, channel: 'C1', ts: '1.2' })),
  }),
};

const contextWith = (answer: ChannelContext['answer']): ChannelContext => ({
  name: 'under-test',
  timeoutMs: 1000,
  baseDir: '/',
  now: () => 0,
  after: () => () => undefined,
  callbackUrl: 'https://gateway.example/hooks/approvals/under-test',
  connect: () => service,
  isSigned: async () => false,
  answer,
});

const reach = { addresses: [], plainHttp: false };
const slackOptions = {
  ...reach,
  token: 'env:A',
  signingSecret: 'env:B',
  channel: 'C1',
  apiUrl: 'https://slack.com/api',
};
const webhookOptions = { ...reach, url: 'https://hook.example', secret: 'env:C', headers: {} };

const made: Record<string, (context: ChannelContext) => ApprovalChannel | Promise<ApprovalChannel>> = {
  slack: (context) => slack.create(slackOptions, context),
  webhook: (context) => webhook.create(webhookOptions, context),
  terminal: (context) => terminal.create({}, context),
};

describe.each(Object.entries(made))('the channel %s', (_name, make) => {
  for (const { title, run } of channelSuite({ create: (answer) => make(contextWith(answer)) }))
    test(title, run);
});
