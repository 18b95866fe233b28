import { glanceAt, plainText } from '../lib/shown-text.js';
import type { ApprovalView, ViewArgument, ViewVote } from '../model/approval-view.js';
import type { ShownText } from '../model/shown-text.js';
import { pathText, valueText } from './terminal-text.js';

/** What of a message is for answering. */
export interface MessageExtras {
  readonly token: string;
  readonly link?: string | undefined;
}

/** Slack takes 50 blocks, and 3,000 characters in a text; far below it, a person still reads. */
const mostArguments = 30;
const mostCharacters = 2600;
const longestFact = 250;

/**
 * A hold as a message of Block Kit. Foreign text stands in elements that Slack shows as they are (`plain_text` without
 * emoji, preformatted rich text): there are no mentions, links or styles in it.
 */
export function slackMessage(view: ApprovalView, { token, link }: MessageExtras): object {
  const isOpen = view.state === 'pending';
  const tool = factOf(view, 'target');
  const headline = `${isOpen ? 'Approval wanted' : endOf(view)}: ${tool}`;
  const lines = argumentLines(view);
  const whole =
    lines !== undefined && !view.facts.some(({ text }) => plainText(text.pieces).length > longestFact);
  const blocks = [
    { type: 'header', text: plain(cut(headline, 150)) },
    ...factBlocks(view),
    preformatted('Arguments (from the agent, not verified)', lines ?? ['too long to be shown here']),
    ...view.votes.map(voteBlock),
    ...(isOpen ? [answerBlock(view, { token, link, whole })] : []),
  ];
  // Shown in notifications; names of others are not in it, for here Slack would read its own marks.
  const text = isOpen ? 'A call waits for approval' : `A call that waited: ${endOf(view)}`;
  return {
    text,
    blocks,
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

function answerBlock(
  view: ApprovalView,
  { token, link, whole }: MessageExtras & { readonly whole: boolean },
): object {
  const { needs } = view;
  const canBeApproved = whole && !needs.noteRequired && !needs.stepUp && needs.open.length === 0;
  const approve = { ...button('approve', 'Approve', token), style: 'primary' };
  const deny = { ...button('deny', 'Deny', token), style: 'danger' };
  const page =
    link === undefined
      ? []
      : [{ type: 'button', action_id: 'open', text: plain('Open the page'), url: link }];
  const elements = [...(canBeApproved ? [approve] : []), ...(needs.noteRequired ? [] : [deny]), ...page];
  if (elements.length > 0) return { type: 'actions', block_id: 'answer', elements };
  const hint = `Answer it with: sallyport approvals show ${view.id}`;
  return { type: 'context', elements: [plain(hint)] };
}

function button(action: string, label: string, value: string): object {
  return { type: 'button', action_id: action, text: plain(label), value };
}

function factBlocks(view: ApprovalView): object[] {
  const { quorum, given } = view.needs;
  const facts = view.facts.map(({ label, text }) => `${label}: ${cut(plainText(text.pieces), longestFact)}`);
  const people = quorum > 1 ? [`Needs: ${quorum} people; ${given} said yes`] : [];
  const note = view.needs.noteRequired ? ['Needs: a note, so answer on the page or by command'] : [];
  const stepUp = view.needs.stepUp ? ['Needs: the key with a yes, so say it on the page or by command'] : [];
  const all = [...facts, ...people, ...note, ...stepUp, `Expires: ${view.expiresAt}`, `Hold: ${view.id}`];
  // Ten fields fit into one section.
  const sections = Array.from({ length: Math.ceil(all.length / 10) }, (_, index) =>
    all.slice(index * 10, index * 10 + 10),
  );
  return sections.map((texts) => ({ type: 'section', fields: texts.map(plain) }));
}

/** Every value whole, or nothing: a part of a call is not what anybody can judge. */
function argumentLines(view: ApprovalView): string[] | undefined {
  const lines = view.arguments.map(argumentLine);
  const size = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (lines.length > mostArguments || size > mostCharacters) return undefined;
  return lines.length === 0 ? ['none'] : lines;
}

/** As in a terminal: what is between quotes is the agent's, and everything else the gateway's. */
function argumentLine(argument: ViewArgument): string {
  const { value, change, before, type, beforeType = type } = argument;
  const now = value === undefined ? '(not there any more)' : glance(value, type);
  const was = before === undefined ? '' : `  (before: ${glance(before, beforeType)})`;
  return `${pathText(argument)}${now}${change === 'new' ? '  (new)' : was}`;
}

function glance(text: ShownText, type: ViewArgument['type']): string {
  const { head, tail, hiddenBytes } = glanceAt(text);
  if (hiddenBytes === 0) return valueText(head, type);
  return `${valueText(head, type)} … ${hiddenBytes} bytes hidden … ${valueText(tail, type)}`;
}

function voteBlock({ by, verdict, channel, note }: ViewVote): object {
  const why = note === undefined ? '' : `: ${cut(plainText(note.pieces), longestFact)}`;
  const text = `${verdict === 'approve' ? 'Approved' : 'Denied'} by ${plainText(by.pieces)} over ${channel}${why}`;
  return { type: 'context', elements: [plain(cut(text, 600))] };
}

function preformatted(title: string, lines: readonly string[]): object {
  const text = (content: string) => ({ type: 'text', text: content });
  return {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [text(title)] },
      { type: 'rich_text_preformatted', elements: [text(lines.join('\n'))] },
    ],
  };
}

function plain(text: string): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text, emoji: false };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function factOf({ facts }: ApprovalView, name: string): string {
  const text = facts.find((fact) => fact.name === name)?.text;
  return text === undefined ? '' : plainText(text.pieces);
}

function endOf({ state, votes }: ApprovalView): string {
  if (votes.some(({ verdict }) => verdict === 'deny')) return 'Denied';
  return state === 'approved' || state === 'used' ? 'Approved' : (ends[state] ?? state);
}

const ends: Readonly<Record<string, string>> = {
  expired: 'Expired',
  cancelled: 'Withdrawn',
  stale: 'Changed meanwhile',
};
