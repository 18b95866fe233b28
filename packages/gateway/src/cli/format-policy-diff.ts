import type { AnswerChange, AnswerComparison } from '../app/policy-tools/compare-answers.js';
import type { RuleChange } from '../app/policy-tools/compare-rules.js';

/** Two policies compared, for people: what is written otherwise, then what is answered otherwise, looser first. */
export function diffLines(rules: readonly RuleChange[], answers: AnswerComparison): string[] {
  const { samples, changes } = answers;
  const written = rules.length === 0 ? ['The rules are the same.'] : ['Rules:', ...rules.flatMap(ruleLines)];
  const same =
    changes.length === 0
      ? [`All ${samples} sample calls are answered alike.`]
      : [`Of ${samples} sample calls:`, ...changes.flatMap(changeLines)];
  const note = 'Samples are made from schemas and conditions; what no sample shows may differ all the same.';
  return [...written, '', ...same, '', note];
}

const marks = { added: '+', removed: '-', changed: '~' } as const;

function ruleLines({ what, id, change, members }: RuleChange): string[] {
  const head = `  ${marks[change]} ${what}${id === undefined ? '' : ` ${id}`}`;
  return [
    head,
    ...members.flatMap(({ name, before, after }) => [
      ...(before === undefined ? [] : [`      - ${name}: ${before}`]),
      ...(after === undefined ? [] : [`      + ${name}: ${after}`]),
    ]),
  ];
}

function changeLines(change: AnswerChange): string[] {
  const { target, caller, roles, labels, before, after, direction, samples, example } = change;
  const who = [
    ...(String(roles) === 'agent' ? [] : roles),
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  ];
  const by = example.by.join(' -> ');
  const count = samples === 1 ? '1 call' : `${samples} calls`;
  return [
    `  ${direction.toUpperCase()}: ${target} by ${caller}${who.length === 0 ? '' : ` (${who.join(', ')})`}: ${before} -> ${after}, ${count}`,
    `      by ${by}, for example ${textOf(example.args)} at ${example.at}`,
  ];
}

function textOf(args: object): string {
  const text = JSON.stringify(args, (_name, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
