import { type Context, Hono } from 'hono';
import type { Answer, AnswerProblem } from '../../approvals/answer.js';
import type { ApprovalDesk } from '../../approvals/approval-desk.js';
import type { ViewApproval } from '../../approvals/approval-viewer.js';
import type { NewStanding, StandingDesk } from '../../approvals/standing-desk.js';
import { whyNotAnswer } from '../../approvals/who-may-answer.js';
import { isEditable } from '../../approvals/why-refused.js';
import { SignInUnrecorded } from '../../identity/sign-in/sign-in-desk.js';
import { membersOf } from '../../lib/json/members.js';
import { type Hold, holdIdOf } from '../../model/hold.js';
import type { EditCall } from '../approval-answer-routes.js';
import type { ControlVariables } from '../control-variables.js';
import { mayLook } from '../overseers.js';
import { type Identify, isStopped, type StopList } from '../rest/admit.js';
import { noteRefusal, type PersonDoor } from '../sign-in/admit-person.js';
import { isOwnToken, isSameOrigin } from '../sign-in/same-origin.js';
import { endSession, keepSession, type PageSession, sessionOf } from '../sign-in/session-cookie.js';
import { identifyKey } from '../sign-in/with-key.js';
import { type PageAnswer, readAnswer } from './page-answer.js';
import { type HoldPage, holdPage, messagePage, signInPage } from './page-bodies.js';
import { pageHeaders } from './page-frame.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { longestAnswer, readForm } from './read-form.js';

export interface ApprovalPageParts extends PersonDoor, StopList {
  /** Where people can sign in without a key; undefined where they cannot. */
  readonly provider: () => { readonly issuer: string } | undefined;
  readonly approvals: Pick<ApprovalDesk, 'find' | 'answer' | 'refuse'>;
  readonly viewApproval: ViewApproval;
  readonly identify: Identify;
  readonly editCall: EditCall;
  readonly standing: Pick<StandingDesk, 'create'>;
}

type Asked = Context<ControlVariables>;

const stopped = 'You are stopped yourself, so you cannot answer; another person must.';
const forged = { reason: 'malformed', detail: 'cookie: not from a page of this gateway' };

/** `/approve/{id}`: where a person looks at one hold and answers it. Looking never answers: only its own form does. */
export function approvalPage(parts: ApprovalPageParts): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  app.get('/page.css', (context) => context.body(pageStyle, 200, fileHeaders('text/css')));
  app.get('/page.js', (context) => context.body(pageScript, 200, fileHeaders('text/javascript')));
  app.get('/:id', (context) => {
    const session = sessionOf(context, parts);
    return session === undefined
      ? askToSignIn(context, parts, { status: 401 })
      : showHold(context, parts, { session });
  });
  app.post('/:id/sign-in', (context) => signInWithKey(context, parts));
  app.post('/:id/sign-out', (context) => signOut(context, parts));
  app.post('/:id', (context) => takeAnswer(context, parts));
  app.onError((cause, context) => {
    if (!(cause instanceof SignInUnrecorded)) throw cause;
    context.header('Retry-After', '5');
    return messagePage(context, { status: 503, text: cause.message });
  });
  return app;
}

async function signOut(context: Asked, parts: ApprovalPageParts): Promise<Response> {
  const session = sessionOf(context, parts);
  const form = isSameOrigin(context) ? await readForm(context) : undefined;
  if (session !== undefined && !isOwnToken(session, form?.get('session') ?? '')) {
    noteRefusal(context, parts, forged);
    return notOurForm(context);
  }
  if (form !== undefined) await endSession(context, parts);
  return context.redirect(addressOf(context), 303);
}

function fileHeaders(type: string): Record<string, string> {
  return { ...pageHeaders, 'Content-Type': `${type}; charset=utf-8` };
}

function addressOf(context: Asked): string {
  return `/approve/${encodeURIComponent(context.req.param('id') ?? '')}`;
}

interface Asking {
  readonly status: 401 | 403 | 429;
  readonly alert?: string;
}

function askToSignIn(
  context: Asked,
  { provider }: ApprovalPageParts,
  { status, alert }: Asking,
): Promise<Response> {
  return signInPage(context, { status, alert, hasProvider: provider() !== undefined });
}

/** The id of a hold opens nothing: whoever may not see every hold gets no more than strangers. */
async function signInWithKey(context: Asked, parts: ApprovalPageParts): Promise<Response> {
  if (!isSameOrigin(context)) {
    noteRefusal(context, parts, forged);
    return notOurForm(context);
  }
  const key = (await readForm(context))?.get('key')?.trim() ?? '';
  const found = await identifyKey(context, parts, key);
  if (found === 'throttled')
    return askToSignIn(context, parts, { status: 429, alert: 'Too many wrong keys; wait a while.' });
  if (found === undefined)
    return askToSignIn(context, parts, { status: 401, alert: 'This key is not valid.' });
  if (!mayLook(found)) {
    noteRefusal(context, parts, {
      reason: 'forbidden',
      detail: 'sign-in: may not look at held calls',
      principal: found,
    });
    return askToSignIn(context, parts, { status: 403, alert: 'This key may not look at held calls.' });
  }
  await endSession(context, parts);
  keepSession(context, await parts.signIns.withCredential(found), parts);
  return context.redirect(addressOf(context), 303);
}

interface Showing extends Pick<HoldPage, 'alert' | 'note' | 'args' | 'status'> {
  readonly session: PageSession;
}

async function showHold(context: Asked, parts: ApprovalPageParts, showing: Showing): Promise<Response> {
  const { session, ...more } = showing;
  const hold = findHold(context, parts, session);
  if (hold === undefined) return noSuchHold(context, session);
  const view = await parts.viewApproval(hold);
  const forbidden =
    whyNotAnswer(session.principal, hold) ?? (isStopped(session.principal, parts) ? stopped : undefined);
  const args = isEditable(hold) ? (more.args ?? indented(hold.request?.args ?? '{}')) : undefined;
  const isAdmin = session.principal.roles.includes('admin');
  const mayStand = isAdmin && view.needs.quorum === 1 && hold.request !== undefined;
  return holdPage(context, { view, session, forbidden, ...more, args, mayStand });
}

/** Arguments for somebody to change: each keeps what it was written with. */
function indented(text: string): string {
  const members = membersOf(text).map(([name, value]) => `  ${JSON.stringify(name)}: ${value}`);
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n}`;
}

function findHold(context: Asked, { approvals }: ApprovalPageParts, { principal }: PageSession) {
  const hold = approvals.find(holdIdOf(context.req.param('id') ?? ''));
  return hold?.tenant === principal.tenant && mayLook(principal) ? hold : undefined;
}

async function takeAnswer(context: Asked, parts: ApprovalPageParts): Promise<Response> {
  const session = sessionOf(context, parts);
  const own = isSameOrigin(context);
  if (session === undefined) return own ? askToSignIn(context, parts, { status: 401 }) : notOurForm(context);
  const hold = findHold(context, parts, session);
  if (hold === undefined) return noSuchHold(context, session);
  const form = own ? await readForm(context, { several: ['opened'], longest: longestAnswer }) : undefined;
  if (form === undefined || !isOwnToken(session, form.get('token') ?? '')) {
    const by = session.principal;
    await parts.approvals.refuse(hold, { by, channel: 'page' }, 'the answer did not come from its page');
    return notOurForm(context);
  }
  const answer = readAnswer(form);
  if (answer === undefined)
    return messagePage(context, { status: 400, text: 'The form is not one of this page.' });
  return decide(context, parts, { session, hold, answer });
}

interface Deciding {
  readonly session: PageSession;
  readonly hold: Hold;
  readonly answer: PageAnswer;
}

async function decide(context: Asked, parts: ApprovalPageParts, deciding: Deciding): Promise<Response> {
  const { session, hold, answer } = deciding;
  const { verdict, note, bind, opened, args, standing } = answer;
  const again = (status: 400 | 403 | 409 | 503, alert: string) => {
    const left = sessionOf(context, parts) ?? session;
    return showHold(context, parts, { session: left, status, alert, note, args });
  };
  if (isStopped(session.principal, parts)) {
    await parts.approvals.refuse(hold, { by: session.principal, channel: 'page' }, stopped);
    return again(403, stopped);
  }
  if (verdict === 'approve') {
    const { needs } = await parts.viewApproval(hold);
    const unseen = needs.open.filter((sha256) => !opened.has(sha256)).length;
    if (unseen > 0) return again(400, 'Open every long value before you approve.');
  }
  const who = await whoAnswers(context, parts, deciding);
  const given = { ...who, channel: 'page', seen: bind, note: note === '' ? undefined : note };
  const outcome =
    args === undefined
      ? await parts.approvals.answer(hold.id, { ...given, verdict })
      : await parts.editCall(hold.id, { ...given, args });
  if (outcome.kind === 'taken') {
    const refused =
      standing === undefined ? undefined : await stand(parts, outcome.hold, { ...standing, ...who, note });
    return refused === undefined ? context.redirect(addressOf(context), 303) : again(409, refused);
  }
  return again(statuses[outcome.problem], outcome.message);
}

/** As whom it counts, and whether they have shown for this very answer who they are. */
async function whoAnswers(
  context: Asked,
  parts: ApprovalPageParts,
  { session, hold, answer }: Deciding,
): Promise<Required<Pick<Answer, 'by' | 'isFresh'>>> {
  const me = session.principal;
  const shown = answer.key === undefined ? undefined : await identifyKey(context, parts, answer.key);
  if (typeof shown === 'object' && shown.id === me.id && shown.tenant === me.tenant)
    return { by: shown, isFresh: true };
  const isWanted = answer.verdict === 'approve' && hold.terms.stepUp === true;
  return { by: me, isFresh: isWanted && parts.signIns.takeProof(session.id, hold.id) };
}

/** The yes is taken; why nothing was approved beforehand is told, where that is so. */
async function stand(
  { standing }: ApprovalPageParts,
  hold: Hold,
  { note, ...wish }: NewStanding,
): Promise<string | undefined> {
  const outcome = await standing.create(hold, { ...wish, ...(note === '' ? {} : { note }) });
  return outcome.kind === 'made'
    ? undefined
    : `The call is approved, and nothing beforehand: ${outcome.message}`;
}

const statuses: Record<AnswerProblem, 400 | 403 | 409 | 503> = {
  unknown: 409,
  forbidden: 403,
  step_up: 403,
  note_missing: 400,
  not_editable: 400,
  decided: 409,
  expired: 409,
  changed: 409,
  voted: 409,
  unrecorded: 503,
};

function noSuchHold(context: Asked, session: PageSession): Promise<Response> {
  return messagePage(context, { status: 404, text: 'There is no such held call.', session });
}

function notOurForm(context: Asked): Promise<Response> {
  const text = 'This did not come from the page of this gateway, so it does not count.';
  return messagePage(context, { status: 403, text });
}
