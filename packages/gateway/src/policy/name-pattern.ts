import { RE2JS } from 're2js';
import { compileGlob, type Glob, GlobFault } from '../lib/glob.js';
import { covers, type Outline, outlineOf, overlaps } from './outline.js';

const longestExpression = 256;
/** Names may be URIs of thousands of characters, and each costs as much as the program is long. */
const largestProgram = 300;

/** A pattern for names in a rule: a glob, or between slashes a regular expression that must match the whole name. */
export interface NamePattern {
  readonly text: string;
  /** The only name it can match, when it has no wildcard. */
  readonly literal?: string;
  /** Takes time proportional to pattern times name, whatever the pattern. */
  matches(name: string): boolean;
  /** Whether every name of the outline is certain to match; false also where that cannot be told. */
  covers(names: Outline): boolean;
  /** Whether some name of the outline may match; true also where that cannot be told. */
  overlaps(names: Outline): boolean;
  /** What can match, as outlines; undefined for regular expressions. */
  readonly outlines?: readonly Outline[];
}

/** A set of patterns, any of which will do. */
export interface PatternSet {
  readonly patterns: readonly NamePattern[];
  has(name: string): boolean;
}

/** Throws GlobFault for what is no pattern, with the remedy in its message. */
export function compileName(text: string): NamePattern {
  return isExpression(text) ? compileExpression(text) : patternOf(compileGlob(text));
}

/** Whether a pattern is a regular expression and no glob. */
export function isExpression(text: string): boolean {
  return text.length > 2 && text.startsWith('/') && text.endsWith('/');
}

export function createPatternSet(patterns: readonly NamePattern[]): PatternSet {
  const literals = new Set(patterns.flatMap(({ literal }) => (literal === undefined ? [] : [literal])));
  const wild = patterns.filter(({ literal }) => literal === undefined);
  if (wild.length === 0) return { patterns, has: (name) => literals.has(name) };
  return { patterns, has: (name) => literals.has(name) || wild.some((pattern) => pattern.matches(name)) };
}

function patternOf(glob: Glob): NamePattern {
  const { text, literal, alternatives } = glob;
  const outlines = alternatives.map(outlineOf);
  return {
    text,
    ...(literal === undefined ? {} : { literal }),
    matches: (name) => glob.matches(name),
    covers: (names) => outlines.some((outline) => covers(outline, names)),
    overlaps: (names) => outlines.some((outline) => overlaps(outline, names)),
    outlines,
  };
}

function compileExpression(text: string): NamePattern {
  if (text.length > longestExpression) {
    throw new GlobFault(`has ${text.length} characters; at most ${longestExpression} are allowed`);
  }
  const expression = expressionIn(text);
  return {
    text,
    matches: (name) => expression.testExact(name),
    covers: (names) =>
      names.every((part) => typeof part === 'string') && expression.testExact(names.join('')),
    overlaps: (names) =>
      names.some((part) => typeof part !== 'string') || expression.testExact(names.join('')),
  };
}

function expressionIn(text: string): RE2JS {
  try {
    const expression = RE2JS.compile(text.slice(1, -1));
    if (expression.programSize() <= largestProgram) return expression;
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'unknown fault';
    throw new GlobFault(`is not a regular expression RE2 takes: ${cause}`);
  }
  throw new GlobFault('repeats too much; write smaller counts, or "*" and "+"');
}
