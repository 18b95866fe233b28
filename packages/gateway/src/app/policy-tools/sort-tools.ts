import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonValue } from '../../model/json.js';
import type { Tool } from '../../model/tool.js';
import { writesByName } from '../../policy/write-words.js';

/** What a tool seems to do, from the harmless to what nobody can take back. */
export const toolGroups = ['read', 'write', 'destructive', 'spends'] as const;

export type ToolGroup = (typeof toolGroups)[number];

/** A tool with the group it seems to belong to, and on what that rests. */
export interface SortedTool {
  readonly tool: Tool;
  readonly group: ToolGroup;
  /** A clause for people. */
  readonly because: string;
}

const spendingWords = (
  'pay payment payout charge refund transfer purchase buy order checkout invoice withdraw deposit ' +
  'subscribe donate trade sell bid'
).split(' ');
const destroyingWords = (
  'delete remove drop destroy purge truncate wipe erase reset revoke terminate kill uninstall ' +
  'overwrite clear'
).split(' ');
const readingWords = (
  'get list read search find fetch show view describe count check lookup browse browser status ' +
  'echo ping inspect explain balance'
).split(' ');
/** What a tool does that takes such an argument depends on the call. */
const programArguments = ['sql', 'command', 'cmd', 'code', 'script', 'statement', 'shell', 'expression'];
const moneyArguments = ['amount', 'price', 'currency', 'total', 'cents'];
/** Levels of arguments within arguments that are looked at. */
const deepest = 4;

/**
 * Sorts a tool by its name, its arguments and what its server says of it, of which the worst counts: annotations are the
 * server's own words, and make nothing more harmless than its name. A guess that a person has to look at.
 */
export function sortTool(tool: Tool): SortedTool {
  const { readOnlyHint, destructiveHint } = tool.annotations;
  const words = wordsOf(tool.name);
  const spending = words.find((word) => spendingWords.includes(word));
  const isRead =
    readOnlyHint === true || (readOnlyHint === undefined && readingWords.includes(words[0] ?? ''));
  const readsOnly = isRead && !writesByName(tool.name);
  if (spending !== undefined && !readsOnly)
    return { tool, group: 'spends', because: `its name has "${spending}"` };
  const money = argumentsOf(tool).find((name) => wordsOf(name).some((word) => moneyArguments.includes(word)));
  if (money !== undefined && !readsOnly)
    return { tool, group: 'spends', because: `it has the argument "${money}"` };
  const destroying = words.find((word) => destroyingWords.includes(word));
  if (destroying !== undefined)
    return { tool, group: 'destructive', because: `its name has "${destroying}"` };
  if (destructiveHint === true && readOnlyHint !== true)
    return { tool, group: 'destructive', because: 'its server says that it destroys' };
  if (writesByName(tool.name)) return { tool, group: 'write', because: 'its name has a word of change' };
  const program = argumentsOf(tool).find((name) => programArguments.includes(name.toLowerCase()));
  if (program !== undefined && readOnlyHint !== true)
    return { tool, group: 'write', because: `its argument "${program}" says what it does` };
  if (readOnlyHint === true) return { tool, group: 'read', because: 'its server says that it only reads' };
  const reading = words.find((word) => readingWords.includes(word));
  if (reading !== undefined && readOnlyHint === undefined)
    return { tool, group: 'read', because: `its name has "${reading}", and its server says nothing` };
  const because = readOnlyHint === false ? 'its server says that it writes' : 'nothing says what it does';
  return { tool, group: 'write', because };
}

/** The words of a name in small letters: of `deleteUser`, `delete_user` and `DELETE-USER` the same. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

/** Names of arguments, and of what is in them. */
function argumentsOf({ inputSchema }: Tool): string[] {
  return namesIn(inputSchema, 0);
}

function namesIn(schema: JsonValue | undefined, depth: number): string[] {
  if (!isJsonObject(schema) || depth > deepest) return [];
  const { properties, items } = schema;
  const members = isJsonObject(properties) ? Object.entries(properties) : [];
  return [
    ...members.flatMap(([name, inner]) => [name, ...namesIn(inner, depth + 1)]),
    ...namesIn(items, depth + 1),
  ];
}
