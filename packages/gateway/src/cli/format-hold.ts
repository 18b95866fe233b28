import { inertText } from '../lib/inert-text.js';
import type { ShownHold } from './shown-hold.js';
import { visibleText } from './visible-text.js';

export const holdHeadings = ['ID', 'STATE', 'ASKED', 'EXPIRES', 'CALLER', 'CALL', 'REASON'];

const shortArguments = 60;

/** One line of the list: what of it comes from agents is between quotes, with whatever could deceive as an escape. */
export function holdCells(hold: ShownHold): string[] {
  const { id, state, createdAt, expiresAt, caller, target, reason } = hold;
  const args = inertText(JSON.stringify(hold.arguments));
  const short = args.length > shortArguments ? `${args.slice(0, shortArguments)}… (${args.length})` : args;
  const time = (text: string) => new Date(text).toLocaleString('sv');
  return [
    visibleText(id),
    state,
    time(createdAt),
    time(expiresAt),
    visibleText(caller),
    `${visibleText(target)} ${short}`,
    visibleText(reason),
  ];
}

/** Everything of one hold: first what the gateway knows, then every argument whole, on a line of its own. */
export function holdLines(hold: ShownHold): string[] {
  const { terms, votes } = hold;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Hold', hold.id],
    ['State', hold.state],
    ['Caller', `${hold.caller} (${hold.credential})`],
    ['Owner', hold.owner],
    ['Upstream', hold.upstream],
    ['Call', hold.method === 'tools/call' ? hold.target : `${hold.method} ${hold.target}`],
    ['Rule', hold.rule],
    ['Reason', hold.reason],
    ['Cost', hold.cost],
    ['Asked', hold.createdAt],
    ['Expires', hold.expiresAt],
    ['Needs', terms.quorum > 1 ? `${terms.quorum} people` : undefined],
    ['Needs', terms.noteRequired ? 'a note' : undefined],
    ['Used by', hold.usedBy],
  ];
  return [
    ...facts.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${visibleText(text)}`])),
    'Arguments (from the agent, not verified):',
    ...argumentLines(hold.arguments),
    ...votes.map(({ by, verdict, channel, at, note }) => {
      const why = note === undefined ? '' : `: ${inertText(note)}`;
      return `Answer: ${visibleText(verdict)} by ${visibleText(by)} over ${visibleText(channel)} at ${at}${why}`;
    }),
  ];
}

function argumentLines(args: unknown): string[] {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return [`  ${valueText(args)}`];
  const members = Object.entries(args);
  if (members.length === 0) return ['  none'];
  return members.map(([name, value]) => `  ${inertText(name)}: ${valueText(value)}`);
}

function valueText(value: unknown): string {
  return typeof value === 'string'
    ? inertText(value)
    : inertText(JSON.stringify(value)).slice(1, -1).replaceAll('\\"', '"');
}
