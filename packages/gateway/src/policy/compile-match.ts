import { GlobFault } from '../lib/glob.js';
import { nearest } from '../lib/nearest.js';
import { type CompiledRule, restricts } from './compiled-rule.js';
import {
  governedMethods,
  isQuestion,
  methodsFor,
  type TargetMember,
  targetMembers,
} from './governed-methods.js';
import {
  compileName,
  createPatternSet,
  isExpression,
  type NamePattern,
  type PatternSet,
} from './name-pattern.js';
import type { RuleMatch, RuleSpec } from './rule.js';

/** Says what is wrong with a part of a rule. */
export type Report = (what: string, path: readonly PropertyKey[]) => void;

type CompiledMatch = Pick<
  CompiledRule,
  'targets' | 'methods' | 'upstreams' | 'principals' | 'labels' | 'sessionLabels'
>;

/** Compiles what a rule is about; `relayed` are the methods of extensions that rules may name. */
export function compileMatch(spec: RuleSpec, relayed: readonly string[], report: Report): CompiledMatch {
  const { match } = spec;
  const sets = new MatchReader(spec, report);
  const { roles, scopes, annotations = {} } = match;
  if (roles?.length === 0)
    report('match.roles is empty, so the rule can never match; name one or leave it out', ['roles']);
  const methods = sets.read('methods');
  if (scopes?.length === 0)
    report('match.scopes is empty, so the rule can never match; name one or leave it out', ['scopes']);
  const targets = Object.fromEntries(targetMembers.map((member) => [member, sets.read(member)] as const));
  if (methods !== undefined)
    checkMethods(methods, { match, known: [...governedMethods, ...relayed], report });
  if (Object.keys(annotations).length > 0 && match.tools === undefined && namesOtherTargets(match)) {
    report('match.annotations is about tools and the rest of the match is not, so the rule can never match', [
      'annotations',
    ]);
  }
  return {
    targets,
    ...optional('methods', methods),
    ...optional('upstreams', sets.read('upstreams')),
    ...optional('principals', sets.read('principals')),
    ...optional('labels', sets.readLabels('labels')),
    ...optional('sessionLabels', sets.readLabels('sessionLabels')),
  };
}

class MatchReader {
  readonly #match: RuleMatch;
  readonly #restricts: boolean;
  readonly #report: Report;

  constructor(spec: RuleSpec, report: Report) {
    this.#match = spec.match;
    this.#restricts = restricts(spec);
    this.#report = report;
  }

  read(member: TargetMember | 'methods' | 'upstreams' | 'principals'): PatternSet | undefined {
    const texts = this.#match[member];
    return texts === undefined ? undefined : this.#set(texts, [member]);
  }

  readLabels(member: 'labels' | 'sessionLabels'): CompiledRule['labels'] {
    const labels = Object.entries(this.#match[member] ?? {});
    return labels.length === 0
      ? undefined
      : labels.map(([name, texts]) => [name, this.#set(texts, [member, name])]);
  }

  #set(texts: readonly string[], path: readonly PropertyKey[]): PatternSet {
    const where = `match.${path.map(String).join('.')}`;
    if (texts.length === 0)
      this.#report(`${where} is empty, so the rule can never match; name one or leave it out`, path);
    return createPatternSet(
      texts.flatMap((text, index) => this.#pattern(text, `${where}[${index}]`, [...path, index])),
    );
  }

  #pattern(text: string, where: string, path: readonly PropertyKey[]): NamePattern[] {
    const variable = path[0] === 'resources' ? /\{[^{},]*\}/.exec(text)?.[0] : undefined;
    if (variable !== undefined)
      this.#report(`${where} "${text}" has "${variable}"; write "*" where a template has a variable`, path);
    // Rules that restrict mean resources whatever the case of their URIs (see uri-forms.ts).
    const folded = path[0] === 'resources' && this.#restricts ? [inAnyCase(text)] : [];
    try {
      return [...new Set([text, ...folded])].map(compileName);
    } catch (error) {
      if (!(error instanceof GlobFault)) throw error;
      this.#report(`${where} "${text}" ${error.message}`, path);
      return [];
    }
  }
}

/** The pattern for names in lower case; a regular expression keeps its escapes, whose case counts. */
function inAnyCase(text: string): string {
  return isExpression(text) ? `/(?i)${text.slice(1)}` : text.toLowerCase();
}

interface MethodCheck {
  readonly match: RuleMatch;
  readonly known: readonly string[];
  readonly report: Report;
}

/** Every pattern must match a governed method, and one that there can be with the targets that the rule names. */
function checkMethods(methods: PatternSet, { match, known, report }: MethodCheck): void {
  for (const [index, pattern] of methods.patterns.entries()) {
    if (known.some((method) => pattern.matches(method))) continue;
    const near = nearest(pattern.text, known) ?? known[0];
    const what = `match.methods "${pattern.text}" matches no method that is governed; did you mean "${near}"?`;
    report(what, ['methods', index]);
  }
  const named = targetMembers.filter((member) => match[member] !== undefined);
  const possible = named.flatMap((member) => methodsFor[member]);
  const matched = known.filter((method) => methods.has(method));
  if (named.length === 0 || matched.length === 0 || matched.some((method) => possible.includes(method)))
    return;
  const methodsText = possible.filter((method) => !isQuestion(method)).join('", "');
  report(
    `match.methods names none of the methods of match.${named.join(' and match.')} ("${methodsText}"), so the rule can never match`,
    ['methods'],
  );
}

function namesOtherTargets(match: RuleMatch): boolean {
  return match.prompts !== undefined || match.resources !== undefined;
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [name in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [name in Name]?: Value });
}
