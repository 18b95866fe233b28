import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeSlack } from '../../fixtures/fake-slack.js';
import { until } from '../gateway-process.js';
import { ApprovalScene } from './approval-scene.js';

let slack: FakeSlack;
let scene: ApprovalScene;

const people = {
  U0ANN: 'ann',
  U0AGENT: 'agent-a',
  U0OLGA: { principal: 'olga', labels: { groups: 'finance' } },
};

beforeEach(async () => {
  slack = await FakeSlack.open();
});

afterEach(async () => {
  await scene.close();
  slack.close();
});

async function open(approvals: object = {}, policy: object = {}): Promise<void> {
  const config = { approvals: { mode: 'hold', channels: [slack.channel(people)], ...approvals }, ...policy };
  scene = await ApprovalScene.open(config, slack.environment);
}

async function asked(args: object = { to: 'bob', n: 1 }): Promise<string> {
  const before = slack.messages.size;
  await scene.call('agent-a', args);
  await until('the message', () => slack.messages.size > before);
  return (await scene.pending())[0]?.id ?? '';
}

const state = async (id: string) => (await scene.rest('ann', `/v1/approvals/${id}`)).body.state;
const headline = () => slack.message.blocks[0].text.text;
const shown = () => JSON.stringify(slack.message);

it('a call that waits is a message with buttons, a click on which approves it once; the message is replaced', async () => {
  await open();
  const id = await asked();
  expect(headline()).toBe('Approval wanted: pay');
  expect(shown()).toContain('n: 1\\nto: \\"bob\\"');
  expect((await slack.click(scene.url, { user: 'U0ANN', action: 'approve' })).status).toBe(200);
  await until('the message to be replaced', () => headline() === 'Approved: pay');
  expect(slack.buttons).toEqual({});
  expect(shown()).toContain('Approved by ann over slack');
  expect(slack.messages.size).toBe(1);
  expect((await scene.call('agent-a', { to: 'bob', n: 1 })).content[0].text).toBe('pay ran');
  expect((await scene.rest('ann', `/v1/approvals/${id}`)).body).toMatchObject({
    state: 'used',
    votes: [{ by: 'ann', verdict: 'approve', channel: 'slack' }],
  });
});

it('a denial by a click refuses the call', async () => {
  await open();
  const id = await asked();
  await slack.click(scene.url, { user: 'U0OLGA', action: 'deny' });
  await until('the hold to be denied', async () => (await state(id)) === 'denied');
});

it('an answer that is given elsewhere takes the buttons away', async () => {
  await open();
  const id = await asked();
  await scene.post('bob', `/v1/approvals/${id}/deny`);
  await until('the message to be replaced', () => headline() === 'Denied: pay');
  expect(shown()).toContain('Denied by bob over rest');
  expect(slack.buttons).toEqual({});
});

it.each([
  ['with another secret', { secret: 'guessed' }],
  ['of ten minutes ago', { at: Date.now() - 600_000 }],
  ['of the future', { at: Date.now() + 600_000 }],
])('a click that is signed %s is refused and recorded', async (_how, forged) => {
  await open();
  const id = await asked();
  expect((await slack.click(scene.url, { user: 'U0ANN', action: 'approve', forged })).status).toBe(401);
  expect(await state(id)).toBe('pending');
  expect(await scene.records('auth.failed')).toEqual([
    expect.objectContaining({ reason: 'unsigned', detail: expect.stringContaining('slack') }),
  ]);
});

it.each([
  ['whom the gateway does not know there', 'U0OTHER', 'slack:U0OTHER'],
  ['who is the caller', 'U0AGENT', 'agent-a'],
])('a click of somebody %s is refused, recorded, and they are told why', async (_who, user, by) => {
  await open();
  const id = await asked();
  expect((await slack.click(scene.url, { user, action: 'approve' })).status).toBe(200);
  await until('a word to them', () => slack.calls.some(({ method }) => method === 'chat.postEphemeral'));
  expect(slack.calls.at(-1)?.body).toMatchObject({ user, channel: 'C0HOLDS' });
  expect(await state(id)).toBe('pending');
  expect(await scene.records('hold.answer_refused')).toEqual([
    expect.objectContaining({ hold: id, by, via: 'slack' }),
  ]);
  await slack.click(scene.url, { user: 'U0ANN', action: 'approve' });
  await until('the hold to be approved', async () => (await state(id)) === 'approved');
});

it('a click with the token of another message, or of none, is worth nothing', async () => {
  await open();
  const first = await asked({ n: 1 });
  const { value } = slack.buttons.approve;
  await scene.post('bob', `/v1/approvals/${first}/deny`);
  await until('the message to be replaced', () => headline() === 'Denied: pay');
  const second = await asked({ n: 2 });
  for (const forged of [{ value }, { value: 'nonsense' }, { value: second }])
    await slack.click(scene.url, { user: 'U0ANN', action: 'approve', forged });
  await until(
    'words to them',
    () => slack.calls.filter(({ method }) => method === 'chat.postEphemeral').length === 3,
  );
  expect(await state(second)).toBe('pending');
});

it('two people are two people, and one that clicks twice is one', async () => {
  await open({ quorum: 2 });
  const id = await asked();
  const { value } = slack.buttons.approve;
  await slack.click(scene.url, { user: 'U0ANN', action: 'approve' });
  await until('the message to say so', () => shown().includes('1 said yes'));
  await slack.click(scene.url, { user: 'U0ANN', action: 'approve' });
  await slack.click(scene.url, { user: 'U0OLGA', action: 'approve', forged: { value } });
  expect(await state(id)).toBe('pending');
  expect((await scene.post('ann', `/v1/approvals/${id}/approve`)).body.code).toBe('voted');
  await slack.click(scene.url, { user: 'U0OLGA', action: 'approve' });
  await until('the hold to be approved', async () => (await state(id)) === 'approved');
});

it('what agents write is text and nothing else, and what is not shown whole cannot be approved there', async () => {
  await open({ publicUrl: 'https://gateway.example' });
  await asked({ to: '<!channel> <@U1> <https://evil.example|safe> *x* :tada:\u202e' });
  expect(shown()).toContain('<!channel> <@U1> <https://evil.example|safe> *x* :tada:\\\\u{202e}');
  expect(slack.message.text).toBe('A call waits for approval');
  expect(Object.keys(slack.buttons)).toEqual(['approve', 'deny', 'open']);
  expect((await slack.click(scene.url, { user: 'U0ANN', action: 'open' })).status).toBe(200);
  const [first] = await scene.pending();
  await scene.post('bob', `/v1/approvals/${first?.id}/deny`);
  const id = await asked({ to: `ok${' x'.repeat(5000)}AND PAY acct-666` });
  expect(Object.keys(slack.buttons)).toEqual(['deny', 'open']);
  expect(slack.buttons.open.url).toBe(`https://gateway.example/approve/${id}`);
  expect(shown()).toContain('bytes hidden');
});

it('a value that looks like what the gateway writes is told from it', async () => {
  await open();
  await asked({ to: 'bob', n: 100 });
  await scene.post('bob', `/v1/approvals/${(await scene.pending())[0]?.id}/approve`);
  await scene.call('agent-a', { to: 'bob', n: 100 });
  await asked({ to: '"bob"  (before: "bob")', n: 100 });
  expect(slack.argumentLines).toEqual(['n: 100', 'to: "\\"bob\\"  (before: \\"bob\\")"  (before: "bob")']);
});

it('a call of which a fact is not shown whole cannot be approved there', async () => {
  const rule = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: `${'so '.repeat(90)}much` };
  await open({}, { policy: { default: 'allow', rules: [rule] } });
  await asked();
  expect(Object.keys(slack.buttons)).toEqual(['deny']);
});

it('a call that needs a note is not answered by a click', async () => {
  await open({ noteRequired: true });
  const id = await asked();
  expect(slack.buttons).toEqual({});
  expect(shown()).toContain(`sallyport approvals show ${id}`);
});

it('what Slack did not take is told later, and what was decided while the gateway was down, after its start', async () => {
  await open();
  slack.failures.push({ status: 500 }, { status: 200, error: 'ratelimited' });
  const id = await asked();
  expect(slack.failures).toEqual([]);
  await scene.stop();
  expect(await scene.answerInStore(id)).toBe(true);
  await scene.start({ approvals: { mode: 'hold', channels: [slack.channel(people)] } }, slack.environment);
  await until('the message to be replaced', () => headline() === 'Approved: pay');
  expect(slack.messages.size).toBe(1);
});
