import assert from 'node:assert/strict';
import {
  type ApprovalChannel,
  CallbackFault,
  type ChannelAnswer,
  type ChannelNotice,
} from '../approvals/approval-channel.js';
import type { ChannelOutcome } from '../approvals/channel-outcome.js';
import { shownText } from '../lib/shown-text.js';
import type { ApprovalView, ViewArgument } from '../model/approval-view.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { SuiteCase } from './evaluator-suite.js';

export interface ChannelSubject {
  /** Makes the channel as it would be configured; its answers go to `answer`. */
  readonly create: (
    answer: (answer: ChannelAnswer) => Promise<ChannelOutcome>,
  ) => ApprovalChannel | Promise<ApprovalChannel>;
}

/** What the gateway relies on, for the tests of a channel: `for (const { title, run } of channelSuite(…)) test(title, run)`. */
export function channelSuite(subject: ChannelSubject): SuiteCase[] {
  const checked = (title: string, check: (channel: ApprovalChannel) => Promise<void>): SuiteCase => ({
    title,
    async run() {
      const answers: ChannelAnswer[] = [];
      const channel = await subject.create(async (answer) => {
        answers.push(answer);
        return { kind: 'refused', problem: 'token', message: 'Not here.' };
      });
      try {
        await check(channel);
        assert.deepEqual(answers, [], 'a channel answers only what a person said');
      } finally {
        channel.close?.();
      }
    },
  });
  return [
    checked('tells that a call waits, and then of its end in the same place', async (channel) => {
      const place = await told(channel, noticeOf(views.plain));
      await told(channel, { ...noticeOf(over(views.plain)), ...(place === undefined ? {} : { place }) });
    }),
    checked('tells the same twice, as after a try whose end nobody knows', async (channel) => {
      await told(channel, noticeOf(views.plain));
      await told(channel, noticeOf(views.plain));
    }),
    checked('tells of whatever agents put into calls', async (channel) => {
      for (const view of Object.values(views)) await told(channel, noticeOf(view));
    }),
    checked('tells of several calls at once', async (channel) => {
      await Promise.all(Object.values(views).map((view) => told(channel, noticeOf(view))));
    }),
    checked('tells of the end of a call of which it was never told', async (channel) => {
      await told(channel, noticeOf(over(views.plain)));
    }),
    checked('changes nothing of what it is given', async (channel) => {
      for (const view of Object.values(views)) await told(channel, deeplyFrozen(noticeOf(view)));
    }),
    checked('believes no callback that proves nothing', async (channel) => {
      await told(channel, noticeOf(views.plain));
      for (const body of [
        '',
        '{}',
        'payload=%7B%7D',
        JSON.stringify({ token: 'token-plain', verdict: 'approve' }),
      ])
        if (channel.receive !== undefined)
          await assert.rejects(channel.receive({ headers: {}, body }), CallbackFault);
    }),
    checked('is closed twice without harm', async (channel) => {
      channel.close?.();
    }),
  ];
}

async function told(channel: ApprovalChannel, notice: ChannelNotice): Promise<string | undefined> {
  const place: unknown = await channel.tell(notice, never);
  assert.ok(place === undefined || typeof place === 'string', 'a place is a text');
  return place;
}

const never: CancelSignal = { aborted: false, addEventListener() {}, removeEventListener() {} };

function noticeOf(view: ApprovalView): ChannelNotice {
  return {
    id: `${view.id}/suite/1`,
    view,
    token: `token-${view.id}`,
    link: `https://gateway.example/approve/${view.id}`,
  };
}

function over(view: ApprovalView): ApprovalView {
  const at = '2026-11-20T10:01:00.000Z';
  const vote = {
    by: shownText('ann'),
    verdict: 'deny',
    channel: 'rest',
    at,
    note: shownText('No\u001b[2J.'),
  } as const;
  return { ...view, state: 'denied', decidedAt: at, votes: [vote] };
}

function viewOf(id: string, args: readonly ViewArgument[], more: Partial<ApprovalView> = {}): ApprovalView {
  return {
    id,
    bind: 'sha256:suite',
    state: 'pending',
    createdAt: '2026-11-20T10:00:00.000Z',
    expiresAt: '2026-11-20T11:00:00.000Z',
    facts: [
      { name: 'caller', label: 'Caller', text: shownText('agent-a') },
      { name: 'target', label: 'Tool', text: shownText('transfer') },
      { name: 'upstream', label: 'Upstream', text: shownText('pay') },
      { name: 'reason', label: 'Reason', text: shownText('Large <!channel> *sum*.') },
    ],
    arguments: args,
    claims: [{ label: 'Title', text: shownText('SAFE \u202eeruces') }],
    history: { asked: 1, approved: 0, denied: 0, calls: [] },
    needs: { quorum: 1, given: 0, noteRequired: false, stepUp: false, approvers: [], open: [] },
    votes: [],
    ...more,
  };
}

function argument(path: string, value: string): ViewArgument {
  return { path: shownText(path), type: 'text', value: shownText(value) };
}

const long = argument('memo', `ok${'\n'.repeat(5000)}AND PAY acct-666`);

const views = {
  plain: viewOf('plain', [argument('to', 'acct-7')]),
  empty: viewOf('empty', []),
  hostile: viewOf('hostile', [
    argument(
      '<@U1> & <https://evil.example|safe>',
      '\u001b]52;c;cm0=\u0007\u009b2J\u202e:tada: @here `x` ```',
    ),
    argument('\u200bname', 'pаypal'),
  ]),
  long: viewOf('long', [long], {
    needs: {
      quorum: 2,
      given: 1,
      noteRequired: true,
      stepUp: true,
      approvers: [['finance']],
      open: [long.value?.sha256 ?? ''],
    },
  }),
  many: viewOf(
    'many',
    Array.from({ length: 500 }, (_, index) => argument(`a[${index}]`, 'x'.repeat(100))),
  ),
} as const;

function deeplyFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deeplyFrozen(inner);
  return Object.freeze(value);
}
