import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openTaskHouse,
  type ServerProcess,
  startTasksServer,
  type TaskHouse,
  tasksCommand,
} from '../e2e/task-house.js';
import { newerNode, obstacleTo } from '../fixtures/outside-package.js';
import { lossesOf, passed } from './compare.js';
import { lines } from './report.js';
import { judgeExtension, referees } from './suite.js';

/** All of the suite about io.modelcontextprotocol/tasks; tasks-status-notifications checks nothing yet. */
const scenarios = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-mrtr-composition',
];

const [referee] = referees;
const obstacle = await obstacleTo('the conformance suite', [
  newerNode,
  ...(referee === undefined ? [] : [referee.file]),
]);

describe.skipIf(obstacle !== undefined)('the scenarios of the official suite about tasks', () => {
  const houses: Record<string, TaskHouse> = {};
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startTasksServer();
    const open = (upstream: object) =>
      openTaskHouse({ auth: { mode: 'none' }, upstreams: { tasks: upstream as { url: string } } });
    houses.HTTP = await open({ url: server.url });
    houses.stdio = await open(tasksCommand);
  });

  afterAll(async () => {
    for (const house of Object.values(houses)) await house.stop();
    server.child.kill('SIGKILL');
  });

  it.each(scenarios)('%s passes directly and loses nothing behind the gateway', async (name) => {
    if (referee === undefined) throw new Error('no suite');
    const direct = await judgeExtension(referee, server.url, name);
    expect(passed(direct)).toEqual([name]);
    for (const { baseUrl } of Object.values(houses)) {
      const through = await judgeExtension(referee, `${baseUrl}/mcp`, name);
      expect(lines(lossesOf(direct, through))).toEqual([]);
    }
  });

  it('the server that can do a call only as a task refuses it directly, and does it behind the gateway', async () => {
    if (referee === undefined) throw new Error('no suite');
    const name = 'tasks-required-task-error';
    expect(passed(await judgeExtension(referee, server.url, name))).toEqual([name]);
    const through = await judgeExtension(referee, `${houses.HTTP?.baseUrl}/mcp`, name);
    expect([...through.values()].flat().map(({ errorMessage }) => errorMessage)).toEqual(
      expect.arrayContaining([expect.stringContaining('returned a successful response')]),
    );
  });
});
