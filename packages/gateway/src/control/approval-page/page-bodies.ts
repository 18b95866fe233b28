import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { shownText } from '../../lib/shown-text.js';
import type { ApprovalView } from '../../model/approval-view.js';
import type { PageSession } from '../sign-in/session-cookie.js';
import { alertHtml, answerHtml, type StepUp, signInHtml } from './answer-html.js';
import { holdHtml, timeHtml } from './hold-html.js';
import { type Markup, pageReply } from './page-frame.js';
import { textHtml } from './text-html.js';

export interface HoldPage {
  readonly view: ApprovalView;
  readonly session: PageSession;
  /** Why this person may not answer. */
  readonly forbidden?: string | undefined;
  /** Why what was sent did not count. */
  readonly alert?: string | undefined;
  readonly note?: string | undefined;
  readonly mayStand: boolean;
  /** For changing them; absent where they cannot be. */
  readonly args?: string | undefined;
  readonly status?: ContentfulStatusCode | undefined;
}

export function holdPage(context: Context, page: HoldPage): Promise<Response> {
  const { view, session, alert, status = 200 } = page;
  const target = factOf(view, 'target');
  const body = html`<h1>${factOf(view, 'caller')} asks to use ${target}</h1>
${alertHtml(alert)}${stateHtml(view)}
${holdHtml(view)}
${formOf(page)}`;
  return pageReply(context, {
    title: titles[view.state],
    body,
    status,
    signedIn: signedInHtml(context, session),
  });
}

function factOf({ facts }: ApprovalView, name: 'caller' | 'target'): Markup {
  return textHtml(facts.find((fact) => fact.name === name)?.text ?? shownText('?'));
}

const titles: Readonly<Record<ApprovalView['state'], string>> = {
  pending: 'A call waits for an answer – Sallyport',
  approved: 'Approved – Sallyport',
  denied: 'Denied – Sallyport',
  expired: 'Expired – Sallyport',
  cancelled: 'Cancelled – Sallyport',
  stale: 'Not valid any more – Sallyport',
  used: 'Approved and used – Sallyport',
};

const states: Readonly<Record<ApprovalView['state'], string>> = {
  pending: 'This call waits for an answer.',
  approved: 'This call is approved, and was not made yet.',
  denied: 'This call was denied.',
  expired: 'This call is over: nobody answered, or nobody made it, in time.',
  cancelled: 'This call was withdrawn.',
  stale: 'Something that this call was about has changed, so it must be asked for again.',
  used: 'This call was approved, and was made.',
};

/** Who decided, for whoever comes late. */
function stateHtml({ state, votes, decidedAt }: ApprovalView): Markup {
  const last = decidedAt === undefined ? undefined : votes.at(-1);
  const who =
    last === undefined
      ? ''
      : html` Decided by ${textHtml(last.by)} over ${last.channel}, ${timeHtml(last.at)}.`;
  return html`<p class="note" role="status">${states[state]}${who}</p>`;
}

function formOf({ view, session, forbidden, note, args, mayStand }: HoldPage): Markup {
  if (view.state !== 'pending') return html``;
  if (forbidden !== undefined) return html`<p class="alert">You cannot answer this. ${forbidden}</p>`;
  return answerHtml({ view, token: session.token, note, args, mayStand, stepUp: stepUpOf(session, view) });
}

/** Whoever signed in at a provider has no key to show. */
function stepUpOf({ issuer, provenFor }: PageSession, { id }: ApprovalView): StepUp {
  if (issuer === undefined) return 'key';
  return provenFor === id ? 'done' : 'provider';
}

function signedInHtml(context: Context, { principal, token }: PageSession): Markup {
  const id = encodeURIComponent(context.req.param('id') ?? '');
  return html`<span>Signed in as ${textHtml(shownText(principal.id))}</span>
<form method="post" action="/approve/${id}/sign-out"><input type="hidden" name="session" value="${token}"><button>Sign out</button></form>`;
}

export interface SignInPage {
  readonly status: ContentfulStatusCode;
  readonly alert?: string | undefined;
  /** Whether people can sign in without a key. */
  readonly hasProvider: boolean;
}

export function signInPage(context: Context, { status, alert, hasProvider }: SignInPage): Promise<Response> {
  const id = encodeURIComponent(context.req.param('id') ?? '');
  const body = signInHtml({ id, alert, hasProvider });
  return pageReply(context, { title: 'Sign in – Sallyport', body, status });
}

interface MessagePage {
  readonly status: ContentfulStatusCode;
  readonly text: string;
  readonly session?: PageSession;
}

export function messagePage(context: Context, { status, text, session }: MessagePage): Promise<Response> {
  const signedIn = session === undefined ? undefined : signedInHtml(context, session);
  return pageReply(context, { title: 'Sallyport', body: html`<h1>${text}</h1>`, status, signedIn });
}
