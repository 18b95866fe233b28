import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Client } from '../model/client.js';

/** Milliseconds by the name that clients give themselves; `*` stands for all others. */
export type PatienceTable = Readonly<Record<string, number>>;

/** What is left for the way. */
const wayMs = 5000;

/**
 * How long clients wait for a reply before they give up on it. The SDKs, and what is built on them, wait a minute unless
 * they are told otherwise, and hear no progress that they did not ask for.
 */
const knownPatience: PatienceTable = {
  'codex-mcp-client': 60_000 - wayMs,
  'claude-code': 300_000 - wayMs,
  'cursor-vscode': 300_000 - wayMs,
  '*': 60_000 - wayMs,
};

/** How long this client waits, in milliseconds; what the configuration says comes before what is known. */
export function patienceOf({ info }: Pick<Client, 'info'>, configured: PatienceTable): number {
  const name = nameIn(info);
  const tables = [configured, knownPatience];
  const own = name === undefined ? undefined : firstIn(tables, name);
  return own ?? firstIn(tables, '*') ?? Number.POSITIVE_INFINITY;
}

function firstIn(tables: readonly PatienceTable[], name: string): number | undefined {
  const table = tables.find((one) => Object.hasOwn(one, name));
  return table?.[name];
}

function nameIn(info: string | undefined): string | undefined {
  const value = info === undefined ? undefined : parseJson(info).value;
  return isJsonObject(value) && typeof value.name === 'string' ? value.name : undefined;
}
