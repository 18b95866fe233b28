import { expect, test } from 'vitest';
import { evaluatorOf } from '../../../../../test/fixtures/evaluators.js';
import { evaluatorSuite } from '../../testing/evaluator-suite.js';
import { asked, listed, promptOf, toolOf } from '../policy-fixture.js';

const { signal } = new AbortController();
const sample = { kind: 'allow-list', tools: ['slack_send_message', 'github_create_issue'] };

test('the allow list of seed 001 allows its two tools and no other', async () => {
  const evaluator = await evaluatorOf(sample);
  const effectOf = (name: string) => evaluator.evaluate(asked(toolOf(name)), signal);
  expect(effectOf('slack_send_message')).toMatchObject({ effect: 'allow' });
  expect(effectOf('github_create_issue')).toMatchObject({ effect: 'allow' });
  expect(effectOf('github_close_issue')).toEqual({
    effect: 'deny',
    reason: 'The tool is not on the list of allowed tools.',
  });
  expect(effectOf('SLACK_SEND_MESSAGE')).toMatchObject({ effect: 'deny' });
  expect(evaluator.list?.(listed(toolOf('github_close_issue')))).toMatchObject({ effect: 'deny' });
});

test('takes wildcards and the name with its upstream, and is not misled by another upstream', async () => {
  const evaluator = await evaluatorOf({ kind: 'allow-list', tools: ['files:read', 'git_*'] });
  const effectOf = (...tool: Parameters<typeof toolOf>) => evaluator.evaluate(asked(toolOf(...tool)), signal);
  expect(effectOf('files__read', {}, { upstream: 'files', name: 'read' })).toMatchObject({ effect: 'allow' });
  expect(effectOf('evil__read', {}, { upstream: 'evil', name: 'read' })).toMatchObject({ effect: 'deny' });
  expect(effectOf('evil__x', {}, { upstream: 'evil', name: 'git_x' })).toMatchObject({ effect: 'deny' });
  expect(effectOf('git_log')).toMatchObject({ effect: 'allow' });
});

test('has nothing to say of prompts and of what an upstream asks', async () => {
  const evaluator = await evaluatorOf(sample);
  expect(evaluator.evaluate(asked(promptOf('p')), signal)).toEqual({ effect: 'abstain' });
  const question = asked(toolOf('slack_send_message'), {}, { method: 'elicitation/create' });
  expect(evaluator.evaluate(question, signal)).toEqual({ effect: 'abstain' });
});

test('a name that is no pattern is refused with its place', async () => {
  await expect(evaluatorOf({ kind: 'allow-list', tools: ['ok', 'a[b'] })).rejects.toMatchObject({
    problems: [{ path: 'evaluators[0].tools[1]' }],
  });
});

test.each(
  evaluatorSuite({ create: (name) => evaluatorOf({ ...sample, name }) }).map(
    ({ title, run }) => [title, run] as const,
  ),
)('%s', (_title, run) => run());
