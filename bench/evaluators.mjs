// node bench/evaluators.mjs
// What one evaluation costs, by kind of evaluator. In one process, without a wire; the best of seven rounds.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInEvaluators } from '../packages/gateway/dist/app/builtins.js';

const definition = { text: '{}', value: {} };
const tool = {
  kind: 'tool',
  exposedName: 'stripe_refund',
  upstream: 'pay',
  name: 'stripe_refund',
  digest: '',
  annotations: {},
  definition,
  inputSchema: {},
};
const principal = { id: 'agent-a', credential: 'none', tenant: 't', roles: ['agent'], labels: {} };
const args = { amount: 50, to: 'ops@example.org', note: 'a refund' };
const question = { action: 'call', method: 'tools/call', principal, target: tool, args, at: 0, callId: 'c' };

const refund = {
  all: [{ system: 'stripe' }, { action: 'refund' }, { contextGt: { key: 'amount', value: 100 } }],
};
const riskRules = (count) =>
  Array.from({ length: count }, (_, index) => ({ name: `r${index}`, match: refund, score: 1 }));
const cedarPolicies = (count) =>
  Array.from(
    { length: count },
    (_, index) =>
      `permit (principal, action, resource == Tool::"pay/stripe_refund") when { context.args.amount <= ${100 + index} };`,
  ).join('\n');

const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
try {
  await measure('allow list of 100', 'allow-list', {
    tools: Array.from({ length: 100 }, (_, n) => `t_${n}`),
  });
  for (const count of [1, 10, 100])
    await measure(`risk, ${count} rules`, 'risk', { rules: riskRules(count) });
  for (const count of [1, 10, 100]) {
    await writeFile(join(folder, `${count}.cedar`), cedarPolicies(count));
    await measure(`cedar, ${count} policies`, 'cedar', { policies: [`${count}.cedar`] });
  }
} finally {
  await rm(folder, { recursive: true });
}

async function measure(what, kind, given) {
  const plugin = builtInEvaluators[kind];
  const parsed = plugin.options.safeParse(given);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  const evaluator = await plugin.create(parsed.data, { name: kind, baseDir: folder });
  const turns = kind === 'cedar' ? 1_000 : 50_000;
  for (let turn = 0; turn < turns; turn += 1) evaluator.evaluate(question);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round += 1) {
    const started = performance.now();
    for (let turn = 0; turn < turns; turn += 1) evaluator.evaluate(question);
    best = Math.min(best, ((performance.now() - started) * 1_000) / turns);
  }
  process.stdout.write(`${what.padEnd(24)} ${best.toFixed(2)} µs\n`);
}
