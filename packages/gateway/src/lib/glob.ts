const longestGlob = 256;
const mostAlternatives = 64;

/**
 * A pattern for names: `*` is any run of characters, `?` one character, `{a,b}` either; everything else is literal and
 * case counts. A name is not a path, so neither `/` nor a leading dot is special, as they would be to a file globber.
 * Matching takes time proportional to pattern times name, whatever the pattern.
 */
export interface Glob {
  readonly text: string;
  /** The only name it can match, when it has no wildcard. */
  readonly literal?: string;
  /** The glob without braces, once for each choice. */
  readonly alternatives: readonly string[];
  matches(name: string): boolean;
}

/** A set of globs, any of which will do. */
export interface NameSet {
  readonly globs: readonly Glob[];
  has(name: string): boolean;
}

export class GlobFault extends Error {}

/** Throws GlobFault for what is not a glob, with the remedy in its message. */
export function compileGlob(text: string): Glob {
  refuseForeignSyntax(text);
  const alternatives = expandBraces(text);
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1 && !/[*?]/.test(only)) {
    return { text, literal: only, alternatives, matches: (name) => name === only };
  }
  return {
    text,
    alternatives,
    matches: (name) => alternatives.some((pattern) => matchesWildcards(pattern, name)),
  };
}

export function createNameSet(globs: readonly Glob[]): NameSet {
  const literals = new Set(globs.flatMap((glob) => (glob.literal === undefined ? [] : [glob.literal])));
  const patterns = globs.filter((glob) => glob.literal === undefined);
  if (patterns.length === 0) return { globs, has: (name) => literals.has(name) };
  return { globs, has: (name) => literals.has(name) || patterns.some((pattern) => pattern.matches(name)) };
}

function refuseForeignSyntax(text: string): void {
  if (text === '') throw new GlobFault('is empty; write "*" to match every name');
  if (text.length > longestGlob) {
    throw new GlobFault(`has ${text.length} characters; at most ${longestGlob} are allowed`);
  }
  const foreign = /[[\]()|!\\]/.exec(text)?.[0];
  if (foreign !== undefined) {
    throw new GlobFault(
      `contains "${foreign}"; a glob has only "*", "?" and "{a,b}" besides literal characters`,
    );
  }
}

function expandBraces(text: string): string[] {
  const open = text.indexOf('{');
  const close = text.indexOf('}');
  if (open === -1 && close === -1) return [text];
  if (open === -1 || close < open) throw new GlobFault('has braces that do not pair up');
  const inner = text.slice(open + 1, close);
  if (inner.includes('{'))
    throw new GlobFault('has braces within braces; write the alternatives side by side');
  const rests = expandBraces(text.slice(close + 1));
  const head = text.slice(0, open);
  const expanded = inner.split(',').flatMap((choice) => rests.map((rest) => head + choice + rest));
  if (expanded.length > mostAlternatives) {
    throw new GlobFault(`stands for ${expanded.length} patterns; at most ${mostAlternatives} are allowed`);
  }
  return expanded;
}

/** Remembers only the last star: an earlier one never needs to be tried again, so there is no exponential case. */
function matchesWildcards(pattern: string, name: string): boolean {
  let at = 0;
  let inName = 0;
  let star = -1;
  let resume = 0;
  while (inName < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = inName;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[inName])) {
      at++;
      inName++;
    } else if (star !== -1) {
      at = star + 1;
      inName = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
