import { RE2JS } from 're2js';
import { describeValue } from '../config/describe-value.js';
import type { Part } from './part.js';
import { celList, celNumber, celText } from './written-names.js';

const operators = [
  ...(['eq', 'neq', 'in', 'not_in', 'lt', 'lte', 'gt', 'gte'] as const),
  ...(['regex', 'contains', 'exists'] as const),
] as const;

const longestPattern = 900;
const comparisons = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
/** Words that CEL does not take as the name of a member. */
const reserved =
  /^(?:in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|true|false|null|var|void|while)$/;

/**
 * A condition about an argument, in CEL. As there, an argument that is missing fails every operator but `exists`, and
 * texts and numbers of equal text are equal; what cannot be compared has no answer, which denies.
 */
export function conditionOf(part: Part): string | undefined {
  part.withKeys(['path', 'op', 'value']);
  const path = pathOf(part.at('path'));
  const op = part.at('op').requiredOneOf(operators);
  if (path === undefined || op === undefined) return undefined;
  const subject = `args.${path.join('.')}`;
  const isThere = path.map((_name, index) => `has(args.${path.slice(0, index + 1).join('.')})`).join(' && ');
  const value = part.at('value');
  if (op === 'exists') {
    const wanted = value.isPresent ? value.flag() : true;
    const exists = `${isThere} && dyn(${subject}) != null`;
    return wanted === undefined ? undefined : wanted ? exists : `!(${exists})`;
  }
  const test = testOf(op, subject, value);
  return test && `${isThere} && ${test}`;
}

/** The names of `args.a.b`; nothing, with a finding, for what is no such path. */
export function pathOf(part: Part): string[] | undefined {
  const text = part.requiredText('a path such as args.amount');
  if (text === undefined) return undefined;
  const [root, ...names] = text.split('.');
  if (
    root === 'args' &&
    names.length > 0 &&
    names.every((name) => /^[A-Za-z_]\w*$/.test(name) && !reserved.test(name))
  )
    return names;
  return part.refuse(
    `found ${describeValue(text)}; expected args and names behind it, such as args.order.amount`,
  );
}

function testOf(
  op: Exclude<(typeof operators)[number], 'exists'>,
  subject: string,
  value: Part,
): string | undefined {
  switch (op) {
    case 'eq':
    case 'neq': {
      const text = scalarText(value);
      return text && `string(${subject}) ${op === 'eq' ? '==' : '!='} ${celText(text.text)}`;
    }
    case 'in':
    case 'not_in': {
      const texts = scalarTexts(value);
      if (texts === undefined) return undefined;
      const isIn = `string(${subject}) in ${celList(texts)}`;
      return op === 'in' ? isIn : `!(${isIn})`;
    }
    case 'regex':
      return regexTest(subject, value);
    case 'contains': {
      const text = scalarText(value)?.text;
      if (text === undefined) return undefined;
      const inList = `dyn(${subject}).exists(item, string(item) == ${celText(text)})`;
      return `(type(dyn(${subject})) == list ? ${inList} : dyn(${subject}).contains(${celText(text)}))`;
    }
    default: {
      const bound = value.requiredNumber();
      return bound === undefined ? undefined : `${subject} ${comparisons[op]} ${celNumber(bound)}`;
    }
  }
}

/** Unanchored there, and a full match here. */
function regexTest(subject: string, value: Part): string | undefined {
  const pattern = value.requiredText('a regular expression');
  if (pattern === undefined) return undefined;
  if (pattern.length > longestPattern)
    return value.refuse(`has ${pattern.length} characters; expected at most ${longestPattern}`);
  try {
    RE2JS.compile(pattern);
  } catch {
    return value.refuse('found no regular expression that RE2 takes');
  }
  return `${subject}.matches(${celText(`(?s:.*)(?:${pattern})(?s:.*)`)})`;
}

function scalarTexts(part: Part): string[] | undefined {
  if (!Array.isArray(part.value) || part.value.length === 0) return part.refuse('expected a list of values');
  const texts = part.items().map((item) => scalarText(item)?.text);
  const known = texts.filter((text) => text !== undefined);
  return known.length === texts.length ? known : undefined;
}

function scalarText(part: Part): { text: string } | undefined {
  const { value } = part;
  if (typeof value === 'number' && Number.isFinite(value)) return { text: String(value) };
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return { text: String(value) };
  return part.refuse(`found ${describeValue(value)}; expected a text, a number, true or false`);
}
