import { RE2JS } from 're2js';

/** Verbs of which one in the name of a tool tells that it changes something. */
const writeWords: readonly string[] = [
  'write',
  'create',
  'update',
  'delete',
  'remove',
  'drop',
  'insert',
  'execute',
  'exec',
  'run',
  'push',
  'post',
  'put',
  'patch',
  'set',
  'send',
  'deploy',
  'destroy',
  'reset',
  'clear',
  'purge',
  'truncate',
  'alter',
  'add',
  'append',
  'archive',
  'cancel',
  'charge',
  'close',
  'commit',
  'disable',
  'edit',
  'enable',
  'erase',
  'grant',
  'kill',
  'merge',
  'modify',
  'move',
  'overwrite',
  'pay',
  'publish',
  'refund',
  'rename',
  'replace',
  'restart',
  'restore',
  'revoke',
  'save',
  'start',
  'stop',
  'submit',
  'terminate',
  'transfer',
  'upload',
  'upsert',
  'wipe',
];

/** Full matches: a word between other characters than letters, a word that its capital sets off, one in capitals. */
const patterns: readonly string[] = [
  `(?s)(?:.*[^A-Za-z])?(?i:${writeWords.join('|')})(?:[^a-z].*)?`,
  `(?s).*(?:${writeWords.map(capitalized).join('|')})(?:[^a-z].*)?`,
  `(?s).*[^A-Z](?:${writeWords.join('|').toUpperCase()})(?:[^A-Z].*)?`,
];

const compiled = patterns.map((pattern) => RE2JS.compile(pattern));

/**
 * Whether a name has such a verb as a word of its own, at any place and in any casing: `delete_user`, `userDelete`,
 * `DELETE-USER`. Words that only contain one (`updates`, `address`) do not count.
 */
export function writesByName(name: string): boolean {
  return compiled.some((pattern) => pattern.testExact(name));
}

/**
 * The same as a condition, together with what the annotations can add: a tool that says it is not destructive without
 * being read only, and one that says it is both, change something. Annotations never make a write of the name a read.
 */
export const writesCondition: string = [
  ...patterns.map((pattern) => `tool.name.matches(${JSON.stringify(pattern)})`),
  'tool.readOnly == tool.destructive',
].join(' || ');

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
