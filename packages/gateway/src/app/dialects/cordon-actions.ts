import { writesCondition } from '../../policy/write-words.js';
import type { Part } from './part.js';
import type { RuleInput } from './translation.js';
import { celList, exactly } from './written-names.js';

/** What Cordon can say of a tool. */
const cordonActions = [
  'allow',
  'block',
  'approve',
  'approve-writes',
  'read-only',
  'log-only',
  'hidden',
  'sql-read-only',
  'sql-approve-writes',
] as const;

type CordonAction = (typeof cordonActions)[number];
export type Rule = Omit<RuleInput, 'id'>;

/** An action with what goes with it. */
export interface Measure {
  readonly action: CordonAction;
  readonly reason?: string;
  /** The argument that holds the SQL. */
  readonly sqlArg: string;
}

/** The tools of one upstream that an action is about: one of them, or all but some. */
export type Scope = { readonly upstream: string } & (
  | { readonly tool: string }
  | { readonly except: readonly string[] }
);

/** Reads `allow`, or `{action, reason | rationale, sqlArg}`. */
export function readMeasure(part: Part): Measure | undefined {
  if (typeof part.value === 'string') return measureOf(part.requiredOneOf(cordonActions), {});
  part.withKeys(['action', 'reason', 'rationale', 'sqlArg']);
  const [reason, rationale] = [part.at('reason').text(), part.at('rationale').text()];
  if (reason !== undefined && rationale !== undefined && reason !== rationale)
    part.refuse('found reason and rationale, which are two names of one thing; expected one of them');
  const sqlArg = part.at('sqlArg').text();
  if (sqlArg !== undefined && !/^[A-Za-z_]\w*$/.test(sqlArg))
    part.at('sqlArg').refuse('expected the name of an argument: letters, digits and "_"');
  const action = part.at('action').requiredOneOf(cordonActions);
  return measureOf(action, { reason: (reason ?? rationale)?.slice(0, 1024), sqlArg });
}

function measureOf(
  action: CordonAction | undefined,
  { reason, sqlArg = 'sql' }: { reason?: string | undefined; sqlArg?: string | undefined },
): Measure | undefined {
  return action && { action, sqlArg, ...(reason === undefined ? {} : { reason }) };
}

/** The rules that an action stands for. `terms` say how a person is asked. */
export function rulesFor(
  { action, reason, sqlArg }: Measure,
  scope: Scope,
  terms: NonNullable<Rule['approval']>,
): Rule[] {
  const saying = reason === undefined ? {} : { reason };
  const rule = (effect: Rule['effect'], condition?: string): Rule => {
    const conditions = [exception(scope), condition].filter((one) => one !== undefined);
    const when = conditions.length > 1 ? conditions.map((one) => `(${one})`).join(' && ') : conditions[0];
    return {
      match: {
        upstreams: [scope.upstream],
        tools: ['tool' in scope ? exactly(scope.tool, scope.upstream) : '*'],
      },
      ...(when === undefined ? {} : { when }),
      effect,
      ...(effect === 'allow' ? {} : saying),
      ...(effect === 'ask' ? { approval: terms } : {}),
    };
  };
  const sqlWrites = `!(has(args.${sqlArg}) && sqlReadOnly(args.${sqlArg}))`;
  switch (action) {
    case 'allow':
    case 'log-only':
      return [rule('allow')];
    case 'block':
      return [rule('deny')];
    case 'hidden':
      return [rule('hide')];
    case 'approve':
      return [rule('ask')];
    case 'read-only':
      return [rule('allow'), rule('deny', writesCondition)];
    case 'approve-writes':
      return [rule('allow'), rule('ask', writesCondition)];
    case 'sql-read-only':
      return [rule('allow'), rule('deny', sqlWrites)];
    case 'sql-approve-writes':
      return [rule('allow'), rule('ask', sqlWrites)];
  }
}

function exception(scope: Scope): string | undefined {
  if ('tool' in scope || scope.except.length === 0) return undefined;
  return `!(tool.name in ${celList(scope.except)})`;
}
