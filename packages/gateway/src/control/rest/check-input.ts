import type { z } from 'zod';
import type { ProblemCode } from '#contract';
import { nearest } from '../../lib/nearest.js';
import { knownNames } from './known-names.js';
import { Problem } from './problem.js';

type Issue = z.core.$ZodIssue;

interface Place {
  readonly path: string;
  readonly detail: string;
}

interface Input {
  readonly schema: z.ZodType;
  readonly value: unknown;
}

/** Each costs a search for what was meant, and who sends thousands may be anybody. */
const mostTold = 20;

/** What a schema makes of a value; throws Problem that names the places that are wrong. */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: ProblemCode,
): z.output<Schema> {
  const parsed = parsedBy(schema, value, code);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const errors = firstPlaces(issues, { schema, value });
  const [first] = errors;
  const count = placeCount(issues);
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  throw new Problem(code, `${where}${first?.detail ?? 'it does not fit'}${more}`, { errors });
}

function parsedBy<Schema extends z.ZodType>(schema: Schema, value: unknown, code: ProblemCode) {
  try {
    return schema.safeParse(value);
  } catch (cause) {
    // It hands on all places that are wrong as arguments, of which a function can have only so many.
    if (cause instanceof RangeError) throw new Problem(code, 'It is wrong in too many places to name any.');
    throw cause;
  }
}

function firstPlaces(issues: readonly Issue[], input: Input): Place[] {
  const places: Place[] = [];
  for (const issue of issues) {
    if (places.length >= mostTold) break;
    places.push(...placesOf(issue, input));
  }
  return places.slice(0, mostTold);
}

function placeCount(issues: readonly Issue[]): number {
  return issues.reduce((count, issue) => {
    if (issue.code === 'unrecognized_keys') return count + issue.keys.length;
    const inner = issue.code === 'invalid_union' ? bestOf(issue.errors) : undefined;
    return count + (inner === undefined ? 1 : placeCount(inner));
  }, 0);
}

function placesOf(issue: Issue, input: Input): Place[] {
  const { schema, value } = input;
  if (issue.code === 'unrecognized_keys') {
    const known = knownNames(schema, issue.path);
    return issue.keys.slice(0, mostTold).map((key) => ({
      path: pathText([...issue.path, key]),
      detail: unknownName(key, known),
    }));
  }
  if (issue.code === 'invalid_union') {
    const inner = bestOf(issue.errors)?.slice(0, mostTold);
    if (inner !== undefined)
      return firstPlaces(
        inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })),
        input,
      );
  }
  return [{ path: pathText(issue.path), detail: `${issue.message}${foundAt(issue, value)}` }];
}

/** A word that is none of a list is told; anything else may be long, or secret. */
function foundAt(issue: Issue, value: unknown): string {
  if (issue.code !== 'invalid_value') return '';
  const found = issue.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
  return typeof found === 'string' ? `; found ${JSON.stringify(found.slice(0, 40))}` : '';
}

/** The alternative that was meant is the one that got furthest. */
function bestOf(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const known = alternatives.map((issues) => ({ issues, depth: depthOf(issues) }));
  const [best] = known.toSorted((a, b) => b.depth - a.depth || a.issues.length - b.issues.length);
  return best !== undefined && best.depth > 0 ? best.issues : undefined;
}

/** Without spreading: a long body has more places that are wrong than a function may have arguments. */
function depthOf(issues: readonly Issue[]): number {
  return issues.reduce((least, { path }) => Math.min(least, path.length), Number.POSITIVE_INFINITY);
}

function unknownName(name: string, known: readonly string[]): string {
  const found = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  const meant = nearest(name.slice(0, 60), known);
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const there = known.length === 0 ? 'there are none here' : `there are ${known.join(', ')}`;
  return `${found} is not known here; ${there}${remedy}`;
}

/** As people write it: `policies[2].tools`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part).slice(0, 60);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
