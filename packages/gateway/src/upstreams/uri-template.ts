import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

/** Whether a URI may be an expansion of a template. */
export type UriMatcher = (uri: string) => boolean;

const longestUri = 4096;
const mostExpressions = 32;
const mostVariables = 16;
const keptMatchers = 2000;

const matchers = new LRUCache<string, UriMatcher>({ max: keptMatchers });

/**
 * Matches a template of RFC 6570 up to level 3, and with `*` behind a variable. It asks only whether a URI could have
 * come of it, and a little more widely than the RFC, since clients forget to encode what servers then take: a plain
 * variable is anything without `/`, `?` and `#`, one with `*` or `+` anything at all. Takes time that is linear in the
 * URI. Throws, with a sentence, for what is no such template.
 */
export function matcherOf(template: string): UriMatcher {
  let matcher = matchers.get(template);
  if (matcher === undefined) {
    matcher = compile(template);
    matchers.set(template, matcher);
  }
  return matcher;
}

function compile(template: string): UriMatcher {
  const parts = template.split(/(\{[^{}]*\})/);
  const expressions = parts.filter((_, index) => index % 2 === 1);
  if (parts.some((part, index) => index % 2 === 0 && /[{}]/.test(part))) {
    throw new Error('the template has braces that do not pair up');
  }
  if (expressions.length > mostExpressions) {
    throw new Error(
      `the template has ${expressions.length} expressions, at most ${mostExpressions} are accepted`,
    );
  }
  const source = parts
    .map((part, index) => (index % 2 === 0 ? RE2JS.quote(part) : patternOf(part.slice(1, -1))))
    .join('');
  const [start = ''] = parts;
  let pattern: RE2JS | undefined;
  return (uri) => {
    if (uri.length > longestUri || !uri.startsWith(start)) return false;
    pattern ??= RE2JS.compile(source, RE2JS.DOTALL);
    return pattern.matches(uri);
  };
}

const variableForm = /^(?:[A-Za-z0-9_.-]|%[0-9A-Fa-f]{2})+(?::[1-9]\d{0,3})?(\*)?$/;

function patternOf(expression: string): string {
  const operator = /^[+#./;?&]/.exec(expression)?.[0] ?? '';
  const variables = expression.slice(operator.length).split(',');
  if (variables.length > mostVariables) {
    throw new Error(`an expression has ${variables.length} variables, at most ${mostVariables} are accepted`);
  }
  const forms = variables.map((variable) => variableForm.exec(variable));
  if (forms.includes(null)) throw new Error(`"{${expression}}" is no expression of RFC 6570`);
  const isList = forms.some((form) => form?.[1] === '*');
  return patterns(isList, variables.length)[operator] ?? '';
}

function patterns(isList: boolean, count: number): Readonly<Record<string, string>> {
  return {
    '': isList ? '.+' : '[^/?#]+',
    '+': '.+',
    '#': '(?:#.*)?',
    '.': '(?:\\.[^/?#]*)?',
    '/': isList ? '(?:/[^?#]*)?' : `(?:/[^/?#]*){0,${count}}`,
    ';': '(?:;[^/?#]*)?',
    '?': '(?:\\?[^#]*)?',
    '&': '(?:&[^#]*)?',
  };
}
