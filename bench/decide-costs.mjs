// What one decision costs: by the number of rules, and by what a condition does. In one process, without a wire, so that
// it says what the policy itself adds to a call. Evaluators beside the rules: bench/evaluators.mjs.

const principal = { id: 'agent-a', credential: 'none', tenant: 't', roles: ['agent'], labels: {} };
const definition = { text: '{}', value: {} };
const properties = { path: { type: 'string' }, limit: { type: 'integer' } };

/** The most that decisions at 10,000 rules may cost of those at 10, and a condition in nanoseconds. */
export const bounds = { rules: 1.2, conditionNs: 2_000 };

const conditions = [
  ['args.limit > 3', { limit: 5 }],
  ['args.path.startsWith("/srv") && args.limit <= 10', { path: '/srv/a', limit: 5 }],
  ['args.path.matches("/srv/[a-z]+")', { path: '/srv/abc' }],
  ['args.path.within("/srv")', { path: '/srv/a/b/c.txt' }],
  ['emailDomain(args.to) == "corp.example"', { to: 'a@corp.example' }],
  ['domainOf(args.url).matchesDomain("*.corp.example")', { url: 'https://a.corp.example/x' }],
  ['args.ip.inCidr("10.0.0.0/8")', { ip: '10.1.2.3' }],
  ['now.during("mon-fri 09:00-17:00 Europe/Berlin")', {}],
];

/** Costs in nanoseconds, each the best of several rounds. */
export async function measureDecisions() {
  const { compilePolicy } = await import('../packages/gateway/dist/policy/policy.js');
  const readFile = toolOf('read_file', { type: 'object', properties });
  const policies = [10, 1_000, 10_000].map((rules) => {
    const policy = compilePolicy({ default: 'deny', rules: rulesOf(rules) });
    return { name: rules, ask: asking(policy, readFile, { path: '/srv/a', limit: 5 }) };
  });
  const rules = interleaved(policies).map(({ name, ns }) => ({ rules: name, ns }));
  const open = toolOf('any', {});
  const bare = compilePolicy({ default: 'deny', rules: [{ id: 'r', match: {}, effect: 'allow' }] });
  const asks = conditions.map(([when, args]) => {
    const policy = compilePolicy({ default: 'deny', rules: [{ id: 'r', match: {}, effect: 'allow', when }] });
    return { name: when, ask: asking(policy, open, args) };
  });
  const [none, ...each] = interleaved([{ name: '', ask: asking(bare, open, {}) }, ...asks]);
  return {
    rules,
    ratio: rules[2].ns / rules[0].ns,
    withoutConditionNs: none.ns,
    conditions: each.map(({ name, ns }) => ({ when: name, ns })),
  };
}

/** The lines that people read. */
export function renderDecisions({ rules, ratio, withoutConditionNs, conditions: measured }) {
  const verdict = (holds) => (holds ? 'holds' : 'MISSED');
  const most = Math.max(...measured.map(({ ns }) => ns));
  return [
    '\nDecisions, in process, nanoseconds each',
    ...rules.map((one) => `${String(one.rules).padStart(8)} rules  ${one.ns}`),
    `  10,000 ÷ 10 rules: ${ratio.toFixed(2)} (at most ${bounds.rules}: ${verdict(ratio <= bounds.rules)})`,
    `  without a condition  ${withoutConditionNs}`,
    ...measured.map(({ when, ns }) => `  CEL ${when}  ${ns}`),
    `  dearest with CEL: ${most} (at most ${bounds.conditionNs}: ${verdict(most < bounds.conditionNs)})`,
  ].join('\n');
}

function toolOf(name, inputSchema) {
  const shared = { exposedName: name, upstream: 'fs', name, digest: '', annotations: {} };
  return { kind: 'tool', ...shared, definition, inputSchema };
}

function questionOf(target, args) {
  return { action: 'call', method: 'tools/call', principal, target, args, at: 0, callId: '' };
}

function asking(policy, target, args) {
  const ask = () => policy.decide(questionOf(target, args));
  const { detail } = ask();
  if (detail !== undefined) throw new Error(detail);
  return ask;
}

/** Rounds take turns, so that what else the machine does falls on all alike. */
function interleaved(subjects) {
  for (const { ask } of subjects) for (let turn = 0; turn < 50_000; turn += 1) ask();
  const best = subjects.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 15; round += 1) {
    for (const [index, { ask }] of subjects.entries()) {
      const started = performance.now();
      for (let turn = 0; turn < 30_000; turn += 1) ask();
      best[index] = Math.min(best[index], ((performance.now() - started) * 1e6) / 30_000);
    }
  }
  return subjects.map(({ name }, index) => ({ name, ns: Math.round(best[index]) }));
}

function rulesOf(count) {
  const others = Array.from({ length: count - 3 }, (_, index) => ({
    id: `r${index}`,
    match: { tools: [`tool_${index}`], principals: ['agent-*'] },
    effect: index % 2 === 0 ? 'allow' : 'deny',
    ...(index % 3 === 0 ? {} : { when: `args.limit > ${index % 50}` }),
  }));
  return [
    ...others,
    { id: 'a', match: { tools: ['read_file'] }, effect: 'allow' },
    { id: 'b', match: { tools: ['read_*'] }, effect: 'deny', when: 'args.path.startsWith("/etc")' },
    { id: 'c', match: { upstreams: ['fs'], tools: ['read_file'] }, effect: 'deny', when: 'args.limit > 100' },
  ];
}
