import { afterEach, expect, it } from 'vitest';
import {
  type ChannelContext,
  type ChannelNotice,
  defineApprovalChannel,
} from '../../../packages/gateway/src/exports/plugin.js';
import { until } from '../gateway-process.js';
import { ApprovalScene } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const told: ChannelNotice[] = [];
let context: ChannelContext | undefined;
let closed = 0;

const pager = defineApprovalChannel<{ greeting: string }>({
  name: 'pager',
  options: {
    safeParse: (value) =>
      typeof value === 'object' && value !== null && 'greeting' in value
        ? { success: true, data: value as { greeting: string } }
        : { success: false, error: { issues: [{ path: ['greeting'], message: 'is missing' }] } },
  },
  create(_options, given) {
    context = given;
    return {
      async tell(notice) {
        told.push(notice);
        return undefined;
      },
      close() {
        closed += 1;
      },
    };
  },
});

const channel = (more: object = {}) => ({
  approvals: {
    mode: 'hold',
    channels: [{ name: 'pager', use: pager, options: { greeting: 'hi' }, people: { '1': 'ann' }, ...more }],
  },
});

it('a channel of one’s own is told and answers, as whom the configuration says, and ends with the gateway', async () => {
  scene = await ApprovalScene.open(channel());
  await scene.call('agent-a', { n: 1 });
  await until('the notice', () => told.length === 1);
  const notice = told[0];
  const token = notice?.token ?? '';
  const say = async (person: string) => context?.answer({ token, person, verdict: 'approve' });
  const stranger = await say('2');
  expect(stranger).toMatchObject({ kind: 'refused', problem: 'stranger' });
  const answers = await Promise.all(Array.from({ length: 5 }, () => say('1')));
  expect(answers.filter((one) => one?.kind === 'taken')).toHaveLength(1);
  await until('its end', () => told.length === 2);
  expect(told[1]?.view).toMatchObject({ id: notice?.view.id, state: 'approved' });
  expect((await scene.call('agent-a', { n: 1 })).content[0].text).toBe('pay ran');
  await scene.stop();
  expect(closed).toBe(1);
});

it('a channel whose options are wrong, or whose name is taken, is refused at the start with its place', async () => {
  const wrong = ApprovalScene.open(channel({ options: {} }));
  await expect(wrong).rejects.toThrow('approvals.channels[0].options.greeting: is missing');
  const [first] = channel().approvals.channels;
  const twice = ApprovalScene.open({ approvals: { channels: [first, first] } });
  await expect(twice).rejects.toThrow('which approvals.channels[0] has too');
  scene = await ApprovalScene.open();
});
