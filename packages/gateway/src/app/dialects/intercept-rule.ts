import { conditionOf } from './intercept-condition.js';
import { counterLimit, counterPath, shorthandLimit } from './intercept-limit.js';
import type { Part } from './part.js';
import type { Draft, RuleInput } from './translation.js';
import { exactly } from './written-names.js';

type Rule = Omit<RuleInput, 'id'>;

const keys = ['name', 'action', 'conditions', 'on_deny', 'state', 'rate_limit', 'approval_timeout'];
const unitSeconds = { s: 1, m: 60, h: 3_600 } as const;

/**
 * Adds what one rule of a tool, or of `*`, stands for. There, the conditions of an `evaluate` rule must hold for a call to
 * pass; here, a rule denies where they do not. Those of `require_approval` say when a person is asked.
 */
export function addInterceptRule(draft: Draft, part: Part, tool: string): void {
  part.withKeys(keys);
  part.at('name').requiredText('a name');
  const action = part.at('action').oneOf(['evaluate', 'deny', 'require_approval']) ?? 'evaluate';
  const base = new RuleBase(draft, part, tool);
  if (part.at('approval_timeout').isPresent && action !== 'require_approval')
    part.at('approval_timeout').refuse('is only for rules with the action "require_approval"');
  if (part.at('rate_limit').isPresent) addShorthand(base, part, action);
  else if (action === 'deny') addDenial(base, part);
  else if (action === 'require_approval') addApproval(base, part);
  else addEvaluation(base, part);
}

class RuleBase {
  readonly tool: string;
  readonly #draft: Draft;
  readonly #part: Part;

  constructor(draft: Draft, part: Part, tool: string) {
    this.#draft = draft;
    this.#part = part;
    this.tool = tool;
  }

  add(rule: Omit<Rule, 'match'>): void {
    const reason = this.#part.at('on_deny').text()?.slice(0, 1024);
    const match = { tools: [this.tool === '*' ? '*' : exactly(this.tool)] };
    const name = `${this.tool === '*' ? 'all' : this.tool}.${this.#part.at('name').text() ?? ''}`;
    this.#draft.addRule(name, { match, ...rule, ...(reason === undefined ? {} : { reason }) }, this.#part);
  }
}

function addShorthand(base: RuleBase, part: Part, action: string): void {
  if (action !== 'evaluate')
    part.at('action').refuse('cannot be combined with rate_limit; expected "evaluate"');
  for (const key of ['conditions', 'state'])
    if (part.at(key).isPresent)
      part.at(key).refuse('cannot be combined with rate_limit; make a rule of its own of it');
  const limit = shorthandLimit(part.at('rate_limit'));
  if (limit !== undefined) base.add({ effect: 'limit', limits: [limit] });
}

function addDenial(base: RuleBase, part: Part): void {
  for (const key of ['conditions', 'state'])
    if (part.at(key).isPresent)
      part.at(key).refuse('has no place in a rule with the action "deny"; use "evaluate"');
  base.add({ effect: 'deny' });
}

function addApproval(base: RuleBase, part: Part): void {
  if (part.at('state').isPresent)
    part.at('state').refuse('has no place in a rule with the action "require_approval"');
  const conditions = part.at('conditions').items();
  const tests = conditions.map(conditionOf).filter((one) => one !== undefined);
  const expiresSeconds = secondsOf(part.at('approval_timeout'));
  base.add({
    ...(tests.length === 0 ? {} : { when: together(tests) }),
    effect: 'ask',
    approval: { mode: 'hold', ...(expiresSeconds === undefined ? {} : { expiresSeconds }) },
  });
}

function addEvaluation(base: RuleBase, part: Part): void {
  const conditions = part.at('conditions').items();
  if (conditions.length === 0) part.at('conditions').refuse('found none; expected at least one condition');
  const isCounter = (one: Part) => counterPath(one.at('path').value) !== undefined;
  const tests = conditions.filter((one) => !isCounter(one)).map(conditionOf);
  const counters = conditions.filter(isCounter);
  const known = tests.filter((one) => one !== undefined);
  if (known.length > 0) base.add({ when: `!(${together(known)})`, effect: 'deny' });
  const state = part.at('state');
  if (state.isPresent && counters.length === 0)
    state.refuse('counts without a limit; expected a condition with "lt" or "lte" on the counter');
  if (!state.isPresent && counters[0] !== undefined)
    counters[0]
      .at('path')
      .refuse('reads a counter that the rule does not count; expected a "state" of the rule with it');
  if (!state.isPresent) return;
  for (const counter of counters) {
    const limit = counterLimit(state, counter, base.tool);
    if (limit !== undefined) base.add({ effect: 'limit', limits: [limit] });
  }
}

function together(tests: readonly string[]): string {
  return tests.length === 1 ? (tests[0] ?? '') : tests.map((one) => `(${one})`).join(' && ');
}

/** `30m`, `1h30m`, `90s`. */
function secondsOf(part: Part): number | undefined {
  const text = part.text('a time such as 30m');
  if (text === undefined) return undefined;
  if (!/^(?:\d{1,6}[smh])+$/.test(text))
    return part.refuse(`found ${JSON.stringify(text)}; expected a time such as 30m`);
  const units = [...text.matchAll(/(\d+)([smh])/g)];
  return units.reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit as keyof typeof unitSeconds],
    0,
  );
}
