import { glanceAt } from '../lib/shown-text.js';
import type { ApprovalView, ViewArgument, ViewFact } from '../model/approval-view.js';
import type { ShownPiece, ShownText } from '../model/shown-text.js';
import { pathText, terminalText, valueText, wrapped } from './terminal-text.js';

export interface PromptTerms {
  readonly columns: number;
  /** How many further calls wait to be asked about here. */
  readonly others: number;
  /** Long values whole, instead of their beginnings and ends. */
  readonly isOpened: boolean;
}

/** A held call as a terminal shows it: what the gateway knows, then each value behind a margin, then what others say. */
export function promptLines(view: ApprovalView, { columns, others, isOpened }: PromptTerms): string[] {
  const fact = (name: ViewFact['name']) => view.facts.find((one) => one.name === name)?.text;
  const rest = view.facts.filter(({ name }) => name !== 'target' && name !== 'method');
  const more = others === 0 ? '' : ` (${others} more ${others === 1 ? 'waits' : 'wait'})`;
  const line = (label: string, text: string) =>
    wrapped(text, { first: `  ${label}: `, next: '    | ', columns });
  return [
    '',
    `-- A call waits for you: ${view.id}${more}`,
    ...wrapped(textOf(fact('target')), { first: '[A]pprove / [D]eny: ', next: '    | ', columns }),
    ...rest.flatMap(({ label, text }) => line(label, textOf(text))),
    ...line('Expires', view.expiresAt),
    ...(view.needs.quorum > 1
      ? line('Needs', `${view.needs.quorum} people; ${view.needs.given} said yes so far`)
      : []),
    'Args (from the agent, not verified):',
    ...argumentLines(view, { columns, isOpened }),
    ...(view.claims.length === 0 ? [] : ['The upstream says (not verified):']),
    ...view.claims.flatMap(({ label, text }) => line(label, glance(text))),
  ];
}

function argumentLines(view: ApprovalView, { columns, isOpened }: Omit<PromptTerms, 'others'>): string[] {
  if (view.arguments.length === 0) return ['  none'];
  return view.arguments.flatMap((argument) => {
    const { value, before, change, type, beforeType = type } = argument;
    const name = pathText(argument);
    const now = value === undefined ? ['(not there any more)'] : partsOf(value, type, isOpened);
    const was = before === undefined ? [] : partsOf(before, beforeType, isOpened);
    const [first = '', ...rest] = now;
    const margin = { first: foreign, next: foreign, columns };
    const further = (part: Part): string[] =>
      typeof part === 'string' ? wrapped(part, margin) : [`${own}${part.said}`];
    return [
      ...wrapped(`${name}${typeof first === 'string' ? first : ''}`, { ...margin, first: '  ' }),
      ...rest.flatMap(further),
      ...(change === 'new' ? [`${own}(new: the last approved call did not have it)`] : []),
      ...(was.length === 0 ? [] : [`${own}(before:)`]),
      ...was.flatMap(further),
    ];
  });
}

/** What somebody else wrote, or a word of the gateway between. */
type Part = string | { readonly said: string };

/** Before lines of what agents wrote, and before words of the gateway between them. */
const foreign = '    | ';
const own = '    # ';

/** A value in one part, or its head and tail with a line between them that says how much is left out. */
function partsOf(text: ShownText, type: ViewArgument['type'], isOpened: boolean): Part[] {
  const quoted = (pieces: readonly ShownPiece[]) => valueText(pieces, type);
  const { head, tail, hiddenBytes } = glanceAt(text);
  if (isOpened || hiddenBytes === 0) return [quoted(text.pieces)];
  return [quoted(head), { said: `truncated, ${hiddenBytes} bytes hidden` }, quoted(tail)];
}

function glance(text: ShownText): string {
  const { head, tail, hiddenBytes } = glanceAt(text);
  if (hiddenBytes === 0) return terminalText(head);
  return `${terminalText(head)} ... truncated, ${hiddenBytes} bytes hidden ... ${terminalText(tail)}`;
}

function textOf(text: ShownText | undefined): string {
  return text === undefined ? '' : terminalText(text.pieces);
}

/** Whether anything in it was written to deceive: then nobody approves it with a habit of the fingers. */
export function isSuspicious({ facts, arguments: rows }: ApprovalView): boolean {
  const hasMark = (pieces: readonly ShownPiece[] = []) =>
    pieces.some((piece) => typeof piece === 'object' && piece.code !== 'U+000A' && piece.code !== 'U+0009');
  return (
    facts.some(({ text }) => hasMark(text.pieces)) ||
    rows.some(({ path, value }) => hasMark(path.pieces) || hasMark(value?.pieces))
  );
}
