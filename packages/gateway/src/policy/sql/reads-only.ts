import { createRequire } from 'node:module';
import { hasOneReading } from './one-reading.js';
import { pureFunctions } from './pure-functions.js';

/** The dialects there are grammars for. */
export const sqlDialects = [
  'bigquery',
  'mariadb',
  'mysql',
  'postgresql',
  'redshift',
  'snowflake',
  'sqlite',
  'transactsql',
] as const;

export type SqlDialect = (typeof sqlDialects)[number];

interface Parser {
  astify(text: string): unknown;
}

const require = createRequire(import.meta.url);
const parsers = new Map<SqlDialect, Parser>();
/** Parsing takes longer with the square of some texts. */
const longestText = 20_000;

export function isSqlDialect(name: string): name is SqlDialect {
  return sqlDialects.some((known) => known === name);
}

/**
 * Whether a SQL text does nothing but read: one SELECT (or SHOW, or EXPLAIN of a SELECT without ANALYZE) that locks
 * nothing, writes nothing INTO anything and calls only functions known to have no effect. Whatever cannot be parsed in
 * the dialect counts as writing, and so does every function that is not known.
 */
export function readsOnly(text: string, dialect: SqlDialect = 'postgresql'): boolean {
  if (text.length > longestText || !hasOneReading(text, dialect)) return false;
  const query = withoutExplain(text);
  let parsed: unknown;
  try {
    parsed = parserOf(dialect).astify(query.text);
  } catch {
    return false;
  }
  const [statement, ...more] = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
  if (more.length > 0 || !isNode(statement)) return false;
  if (statement.type === 'show') return !query.explained;
  return statement.type === 'select' && isHarmless(statement);
}

type Node = Readonly<Record<string, unknown>>;

/** EXPLAIN alone does not run what it explains. What the grammar then sees is the statement itself. */
function withoutExplain(text: string): { text: string; explained: boolean } {
  const rest = /^\s*explain\s+(?!analy[sz]e\b|\()/i.exec(text)?.[0].length;
  return rest === undefined ? { text, explained: false } : { text: text.slice(rest), explained: true };
}

/** Kinds of nodes that may stand anywhere in a statement that only reads. Kinds of statements are not among them but one. */
const writing: ReadonlySet<string> = new Set([
  'alter',
  'analyze',
  'assign',
  'attach',
  'call',
  'comment',
  'copy',
  'create',
  'deallocate',
  'declare',
  'delete',
  'detach',
  'do',
  'drop',
  'exec',
  'execute',
  'explain',
  'grant',
  'if',
  'insert',
  'into',
  'kill',
  'load_data',
  'lock',
  'merge',
  'pragma',
  'proc',
  'raise',
  'rename',
  'replace',
  'revoke',
  'set',
  'transaction',
  'truncate',
  'unlock',
  'update',
  'use',
  'vacuum',
  'while',
]);

/** Members that hold how a SELECT locks rows; they are there and empty in one that does not. */
const locking = ['for', 'forUpdate', 'lock', 'locking_read', 'for_update'];

/** Whole statements of one word: Transact-SQL needs nothing between statements, and the grammar takes them for aliases. */
const wordStatements: ReadonlySet<string> = new Set([
  'begin',
  'break',
  'checkpoint',
  'commit',
  'continue',
  'go',
  'reconfigure',
  'return',
  'revert',
  'rollback',
  'shutdown',
  'throw',
]);

function isHarmless(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isHarmless);
  if (!isNode(value)) return true;
  if (typeof value.type === 'string' && writing.has(value.type.toLowerCase()) && !isQuiet(value))
    return false;
  if (value.operator === ':=' || value.symbol === ':=') return false;
  if (isNode(value.into) && !isQuiet(value.into)) return false;
  if (locking.some((member) => isPresent(value[member]))) return false;
  if (typeof value.as === 'string' && wordStatements.has(value.as.toLowerCase())) return false;
  if (isNode(value.table_hint) && !locksNothing(value.table_hint)) return false;
  if (value.type === 'column_ref' && nameIn(value.column) === 'nextval') return false;
  if (value.type === 'function' && !callsPureFunction(value)) return false;
  return Object.values(value).every(isHarmless);
}

/** Grammars leave an empty `into` in each SELECT. */
function isQuiet(node: Node): boolean {
  return node.type === undefined && Object.values(node).every((member) => member === null);
}

function isPresent(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  return !Array.isArray(value) || value.length > 0;
}

/** Transact-SQL: `with (nolock)`. */
function locksNothing({ expr }: Node): boolean {
  const hints = Array.isArray(expr) ? (expr as unknown[]) : [undefined];
  return hints.every((hint) => isNode(hint) && nameIn(hint) === 'nolock');
}

/** A name in lower case, as grammars have it: a text, or a node that holds one. */
function nameIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.toLowerCase();
  return isNode(value) ? nameIn(value.expr ?? value.value) : undefined;
}

/** A name with a schema in front is somebody's own function, but for the schema of the built-in ones. */
function callsPureFunction({ name }: Node): boolean {
  if (!isNode(name) || !Array.isArray(name.name)) return false;
  const schema = isNode(name.schema) ? name.schema.value : undefined;
  if (schema !== undefined && (typeof schema !== 'string' || schema.toLowerCase() !== 'pg_catalog'))
    return false;
  const [only, ...more] = name.name as unknown[];
  if (more.length > 0 || !isNode(only) || typeof only.value !== 'string') return false;
  // A quoted name keeps its case: "Lower" is somebody's own.
  return pureFunctions.has(only.type === 'default' ? only.value.toLowerCase() : only.value);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Loaded with the first text in the dialect. */
function parserOf(dialect: SqlDialect): Parser {
  const known = parsers.get(dialect);
  if (known !== undefined) return known;
  const { Parser } = require(`#sql/${dialect}`) as { Parser: new () => Parser };
  const parser = new Parser();
  parsers.set(dialect, parser);
  return parser;
}
