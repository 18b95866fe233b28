import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../packages/client/src/types.js';
import type { ConfigInput } from '../../packages/contract/src/config.js';
import { until } from './gateway-process.js';
import { legacyClient } from './raw-client.js';
import {
  type Asker,
  knowsTasks,
  openTaskHouse,
  type ServerProcess,
  startTasksServer,
  type TaskHouse,
  tasksCommand,
  type WireNotice,
  type WireReply,
} from './task-house.js';

let server: ServerProcess;
let house: TaskHouse;

const config = (more: Partial<ConfigInput> = {}): Partial<ConfigInput> => ({
  names: { prefix: 'always' },
  upstreams: { web: { url: server.url }, child: tasksCommand },
  audit: { arguments: 'full', results: 'full' } as ConfigInput['audit'],
  ...more,
});

beforeAll(async () => {
  server = await startTasksServer();
  house = await openTaskHouse(config());
});

afterAll(async () => {
  await house.stop();
  server.child.kill('SIGKILL');
});

const call = (name: string, args: object = {}, asker?: Asker) =>
  house.ask('tools/call', { name, arguments: args }, asker);
const about = (method: string, taskId: string, more: object = {}, asker?: Asker) =>
  house.ask(method, { taskId, ...more }, asker);

/** Asks for a task until its status is another than these. */
async function leaving(taskId: string, ...statuses: string[]): Promise<WireReply> {
  let seen: WireReply = { status: 0 };
  await until('the task to go on', async () => {
    seen = await about('tasks/get', taskId);
    return !statuses.includes(String(seen.result?.status));
  });
  return seen;
}

it('is announced to modern clients as an extension, and to nobody in another way', async () => {
  const { result } = await house.ask('server/discover', {});
  expect(result.capabilities.extensions).toMatchObject({ 'io.modelcontextprotocol/tasks': {} });
  expect(result.capabilities.tasks).toBeUndefined();
});

describe.each(['web', 'child'])('a client that knows tasks and a server that makes them (%s)', (upstream) => {
  it('gets a handle of its own, and with it the result', async () => {
    const label = `${upstream} one`;
    const { result: handle } = await call(`${upstream}__slow_compute`, { label });
    expect(handle).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 60_000 });
    expect(handle.taskId).toMatch(/^s1\.[\w-]+$/);
    const working = await about('tasks/get', handle.taskId);
    expect(working.result).toMatchObject({ resultType: 'complete', taskId: handle.taskId });
    const { result } = await leaving(handle.taskId, 'working');
    expect(result).toMatchObject({ status: 'completed', taskId: handle.taskId });
    expect(result.result.content).toEqual([{ type: 'text', text: `${label} computed` }]);
  });

  it('cancels, and sees what became of it', async () => {
    const { result: handle } = await call(`${upstream}__slow_compute`, { seconds: 60 });
    expect((await about('tasks/cancel', handle.taskId)).result).toEqual({ resultType: 'complete' });
    expect((await about('tasks/get', handle.taskId)).result).toMatchObject({ status: 'cancelled' });
  });

  it('answers what the task asks, in parts', async () => {
    const { result: handle } = await call(`${upstream}__multi_input`);
    const asked = await leaving(handle.taskId, 'working');
    expect(asked.result).toMatchObject({ status: 'input_required' });
    expect(Object.keys(asked.result.inputRequests)).toEqual(['first', 'second']);
    const yes = { action: 'accept', content: { confirm: true } };
    const some = await about('tasks/update', handle.taskId, { inputResponses: { first: yes } });
    expect(some.result).toEqual({ resultType: 'complete' });
    const left = await about('tasks/get', handle.taskId);
    expect(Object.keys(left.result.inputRequests)).toEqual(['second']);
    await about('tasks/update', handle.taskId, { inputResponses: { second: { action: 'decline' } } });
    const { result } = await leaving(handle.taskId, 'input_required');
    expect(JSON.parse(result.result.content[0].text)).toEqual({ first: yes, second: { action: 'decline' } });
  });

  it('sees failures as they are', async () => {
    const { result: failing } = await call(`${upstream}__failing_job`);
    expect((await leaving(failing.taskId, 'working')).result).toMatchObject({
      status: 'completed',
      result: { isError: true },
    });
    const { result: broken } = await call(`${upstream}__protocol_error_job`);
    expect((await leaving(broken.taskId, 'working')).result).toMatchObject({
      status: 'failed',
      error: { code: -32603, message: 'it broke' },
    });
  });

  it('is asked before the task begins, where the server wants that', async () => {
    const name = `${upstream}__test_tool_with_task`;
    const { result: asked } = await call(name);
    const [key = ''] = Object.keys(asked.inputRequests);
    const inputResponses = { [key]: { action: 'accept', content: { name: 'Ada' } } };
    const { result: handle } = await house.ask('tools/call', {
      name,
      arguments: {},
      inputResponses,
      requestState: asked.requestState,
    });
    expect(handle).toMatchObject({ resultType: 'task' });
    expect(handle).not.toHaveProperty('requestState');
    expect((await leaving(handle.taskId, 'working')).result.result.content[0].text).toBe('Ada');
  });
});

describe.each(['web', 'child'])('a stream that follows tasks of %s', (upstream) => {
  it('tells how they go on, without what is governed when it is asked for', async () => {
    const { result: handle } = await call(`${upstream}__slow_compute`, { seconds: 1 });
    const over = new AbortController();
    const wish = { taskIds: [handle.taskId, 'made-up'] };
    const seen: WireNotice[] = [];
    for await (const notice of house.listen(wish, { signal: over.signal })) {
      seen.push(notice);
      if (notice.params.status === 'completed') break;
    }
    over.abort();
    const [first, ...rest] = seen;
    expect(first).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { taskIds: [handle.taskId] } },
    });
    expect(rest.at(-1)).toMatchObject({
      method: 'notifications/tasks',
      params: { taskId: handle.taskId, status: 'completed' },
    });
    expect(rest.at(-1)?.params).not.toHaveProperty('result');
  });

  it.each<[string, Asker]>([
    ['another caller', { who: 'BOB' }],
    ['a request that declares no tasks', { capabilities: {} }],
  ])('follows none for %s', async (_whom, asker) => {
    const { result: handle } = await call(`${upstream}__slow_compute`);
    const over = new AbortController();
    const stream = house.listen({ taskIds: [handle.taskId] }, { ...asker, signal: over.signal });
    expect((await stream.next()).value).toMatchObject({ params: { notifications: {} } });
    await leaving(handle.taskId, 'working');
    over.abort();
    await expect(stream.next()).rejects.toThrow('abort');
  });
});

describe('a task id', () => {
  const unknown = { code: -32602, message: 'Unknown task' };
  let taskId: string;

  beforeAll(async () => {
    const { result } = await call('web__slow_compute', { seconds: 60 });
    ({ taskId } = result);
  });

  it.each<[string, () => Promise<WireReply>, string]>([
    ['of another caller', () => about('tasks/get', taskId, {}, { who: 'BOB' }), 'task_foreign_caller'],
    ['that was made up', () => about('tasks/get', 'made-up'), 'task_forged'],
    ['that was changed', () => about('tasks/get', `${taskId.slice(0, -2)}AA`), 'task_forged'],
    [
      'at another endpoint',
      () => about('tasks/get', taskId, {}, { endpoint: '/mcp/web' }),
      'task_foreign_endpoint',
    ],
  ])('%s is unknown, and on record', async (_what, attempt, reason) => {
    expect((await attempt()).error).toEqual(unknown);
    await until('the record', async () => {
      const entries = await house.records();
      return entries.some((entry) => JSON.stringify(entry).includes(`"${reason}"`));
    });
  });

  it('goes on being good after a restart of the gateway', async () => {
    await house.restart();
    expect((await about('tasks/get', taskId)).result).toMatchObject({ taskId, status: 'working' });
    await about('tasks/cancel', taskId);
  });

  it('must be in the header, too', async () => {
    const reply = await about('tasks/get', taskId, {}, { headers: { 'Mcp-Name': 'other' } });
    expect([reply.status, reply.error.code]).toEqual([400, -32020]);
  });

  it('is of no use to a request that does not declare tasks', async () => {
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const reply = await about(method, taskId, {}, { capabilities: {} });
      expect([reply.status, reply.error.code]).toEqual([400, -32021]);
    }
  });

  it('is never the one of the server', async () => {
    const texts = (await house.records()).map((entry) => JSON.stringify(entry)).join('\n');
    expect(texts).toContain('tasks/get');
    expect(texts).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/);
  });
});

it.each(['tasks/list', 'tasks/result'])('%s is unknown to modern clients', async (method) => {
  const reply = await house.ask(method, {});
  expect([reply.status, reply.error.code]).toEqual([404, -32601]);
});

it('is on record call by call, each with its tool, and with its result in the end', async () => {
  const { result: handle } = await call('web__slow_compute', { label: 'recorded' });
  await leaving(handle.taskId, 'working');
  const isGet = ({ mcp }: AuditEntry) => (mcp as { method?: string } | undefined)?.method === 'tasks/get';
  const decided = (await house.records()).filter((entry) => entry.type === 'call.decided' && isGet(entry));
  const last = decided.at(-1);
  expect(last).toMatchObject({ effect: 'allow', tool: { name: 'slow_compute', upstream: 'web' } });
  expect(last?.content?.args).toContain(handle.taskId);
  const ended = (await house.records()).find(
    ({ type, call: id }) => type === 'call.outcome' && id === last?.call,
  );
  expect(ended?.content?.result).toContain('recorded computed');
});

describe('policy', () => {
  const deny = (match: object, rest: object = {}) =>
    config({
      policy: {
        default: 'allow',
        rules: [
          { id: 'questions', match: { methods: ['elicitation/create'] }, effect: 'allow' },
          { id: 'no', match, effect: 'deny', ...rest },
        ],
      } as ConfigInput['policy'],
    });

  it('that forbids a method of tasks forbids that alone', async () => {
    await house.restart(deny({ tools: ['web__slow_compute'], methods: ['tasks/cancel'] }));
    const { result: handle } = await call('web__slow_compute', { seconds: 60 });
    expect((await about('tasks/cancel', handle.taskId)).error).toMatchObject({ code: 403 });
    expect((await about('tasks/get', handle.taskId)).result).toMatchObject({ status: 'working' });
  });

  it('that looks at the arguments of a call lets its task be asked for', async () => {
    const rules = [
      { id: 'few', match: { tools: ['web__slow_compute'] }, when: 'args.seconds < 2.0', effect: 'allow' },
    ];
    await house.restart(config({ policy: { default: 'deny', rules } as ConfigInput['policy'] }));
    const { result: handle } = await call('web__slow_compute', { seconds: 0.2 });
    expect((await leaving(handle.taskId, 'working')).result).toMatchObject({ status: 'completed' });
    expect((await call('web__slow_compute', { seconds: 3 })).result).toMatchObject({ isError: true });
  });

  it('decides about each question of a task, and answers those that it forbids', async () => {
    await house.restart(
      deny({ methods: ['elicitation/create'] }, { when: 'args.message.contains("second")' }),
    );
    const { result: handle } = await call('web__multi_input');
    const { result } = await leaving(handle.taskId, 'working');
    expect(Object.keys(result.inputRequests)).toEqual(['first']);
    const first = { action: 'accept', content: { confirm: true } };
    await about('tasks/update', handle.taskId, { inputResponses: { first } });
    const done = await leaving(handle.taskId, 'input_required');
    expect(JSON.parse(done.result.result.content[0].text)).toMatchObject({
      second: { action: 'decline' },
      first,
    });
    const asked = (await house.records()).filter(({ type }) => type === 'call.question');
    expect(asked.map(({ effect }) => effect)).toEqual(expect.arrayContaining(['allow', 'deny']));
  });

  it('that forbids a question without a form for no ends the task', async () => {
    await house.restart(deny({ methods: ['sampling/createMessage'] }));
    const capabilities = { ...knowsTasks, sampling: {} };
    const { result: handle } = await call('web__samples', {}, { capabilities });
    const get = () => about('tasks/get', handle.taskId, {}, { capabilities });
    await until('the task to be cancelled', async () => {
      const { result } = await get();
      expect(result.inputRequests ?? {}).toEqual({});
      return result.status === 'cancelled';
    });
  });
});

describe('a client that knows no tasks', () => {
  const plain = { capabilities: { elicitation: {} } };
  const made = async () => (await call('web__greet', { name: 'tasks' })).result.content[0].text as string;

  beforeAll(() =>
    house.restart(
      config({ upstreams: { web: { url: server.url, timeoutSeconds: 2 }, child: tasksCommand } }),
    ),
  );

  it.each(['web', 'child'])('has its call awaited where %s can only make a task of it', async (upstream) => {
    const { result } = await call(`${upstream}__failing_job`, {}, plain);
    expect(result).toMatchObject({ resultType: 'complete', isError: true });
    expect(result).not.toHaveProperty('taskId');
  });

  it.each(['web', 'child'])(
    'is asked what the task of %s asks, by the way of its own call',
    async (upstream) => {
      const name = `${upstream}__must_ask`;
      const asked = await call(name, {}, plain);
      expect(asked.result).toMatchObject({ resultType: 'input_required' });
      const [key = ''] = Object.keys(asked.result.inputRequests);
      const answered = {
        name,
        arguments: {},
        inputResponses: { [key]: { action: 'accept', content: { confirm: true } } },
        requestState: asked.result.requestState,
      };
      const { result } = await house.ask('tools/call', answered, plain);
      expect(JSON.parse(result.content[0].text)).toMatchObject({ must: { action: 'accept' } });
    },
  );

  it('leaves no task behind when it goes away', async () => {
    const leaver = new AbortController();
    const args = { label: 'left alone' };
    const gone = call('web__must_wait', args, { ...plain, signal: leaver.signal }).catch(() => 'gone');
    await until('the task to begin', async () => (await made()).includes('left alone working'));
    leaver.abort();
    expect(await gone).toBe('gone');
    await until('the task to be cancelled', async () => (await made()).includes('left alone cancelled'));
  });

  it('hears that a task takes too long, and the task is cancelled', async () => {
    const { result } = await call('web__must_wait', { label: 'too long' }, plain);
    expect(result.isError).toBe(true);
    expect(result._meta['io.github.sallyport/refusal']).toMatchObject({
      code: 'upstream_timeout',
      mayHaveRun: true,
    });
    await until('the task to be cancelled', async () => (await made()).includes('too long cancelled'));
  });

  it('gets the same from a legacy session', async () => {
    const legacy = await legacyClient(`${house.baseUrl}/mcp`, { Authorization: 'Bearer alice-token-0001' });
    const result = await legacy.request('tools/call', { name: 'child__failing_job', arguments: {} });
    expect(result).toEqual({ content: [{ type: 'text', text: 'it went wrong' }], isError: true });
  });
});
