import { terminalText } from '../approvals/terminal-text.js';
import type { ApprovalView, ViewArgument } from '../model/approval-view.js';
import type { ShownText } from '../model/shown-text.js';
import { visibleText } from './visible-text.js';

/** What there is around a held call: where it goes, what was different before, what others say, what its caller did. */
export function surroundingLines(view: ApprovalView): string[] {
  const { asked, approved, denied, calls } = view.history;
  const further = view.facts.filter(({ name }) => name === 'address' || name === 'uses');
  const said = view.facts.filter(({ name }) => name === 'said');
  return [
    ...further.map(({ label, text }) => `${label}: ${textOf(text)}`),
    ...said.map(({ label, text }) => `${label}: "${textOf(text)}"`),
    ...changeLines(view),
    ...(view.claims.length === 0 ? [] : ['The upstream says (not verified):']),
    ...view.claims.map(({ label, text }) => `  ${label}: "${textOf(text)}"`),
    `Lately this caller asked ${asked} times; ${approved} approved, ${denied} denied.`,
    ...calls.map(({ at, target, effect }) => `  ${at} ${visibleText(effect)} ${textOf(target)}`),
  ];
}

function changeLines({ comparedWith, arguments: rows }: ApprovalView): string[] {
  if (comparedWith === undefined) return ['No such call of this caller was approved before.'];
  const changed = rows.filter(({ change }) => change !== 'same');
  const head = `Against the last that was approved (${comparedWith.id}, ${comparedWith.at}):`;
  return [head, ...(changed.length === 0 ? ['  nothing is different'] : changed.map(changeLine))];
}

function changeLine({ path, value, before, change }: ViewArgument): string {
  const name = `  "${textOf(path)}"`;
  if (change === 'gone') return `${name} is gone; it was "${textOf(before)}"`;
  if (change === 'new') return `${name} is new: "${textOf(value)}"`;
  return `${name} was "${textOf(before)}" and is "${textOf(value)}"`;
}

function textOf(text: ShownText | undefined): string {
  return text === undefined ? '' : terminalText(text.pieces).replaceAll('"', '\\"');
}
