import { type Context, Hono } from 'hono';
import type { AnswerProblem } from '../../approvals/answer.js';
import type { ApprovalDesk } from '../../approvals/approval-desk.js';
import type { ViewApproval } from '../../approvals/approval-viewer.js';
import type { NewStanding, StandingDesk } from '../../approvals/standing-desk.js';
import { whyNotAnswer } from '../../approvals/who-may-answer.js';
import { isEditable } from '../../approvals/why-refused.js';
import { membersOf } from '../../lib/json/members.js';
import { type Hold, holdIdOf } from '../../model/hold.js';
import type { Principal } from '../../model/principal.js';
import type { EditCall } from '../approval-answer-routes.js';
import type { ControlVariables } from '../control-variables.js';
import { mayOversee } from '../overseers.js';
import type { Identify } from '../rest/admit.js';
import { type PageAnswer, readAnswer } from './page-answer.js';
import { type HoldPage, holdPage, messagePage, signInPage } from './page-bodies.js';
import { pageHeaders } from './page-frame.js';
import { pageScript } from './page-script.js';
import {
  isOwnForm,
  isSameOrigin,
  type PageSession,
  type PageSessionParts,
  sessionOf,
  signIn,
  signOut,
} from './page-sessions.js';
import { pageStyle } from './page-style.js';
import { readForm } from './read-form.js';

export interface ApprovalPageParts extends PageSessionParts {
  readonly approvals: Pick<ApprovalDesk, 'find' | 'answer' | 'refuse'>;
  readonly viewApproval: ViewApproval;
  readonly identify: Identify;
  readonly editCall: EditCall;
  readonly standing: Pick<StandingDesk, 'create'>;
}

type Asked = Context<ControlVariables>;

/** `/approve/{id}`: where a person looks at one hold and answers it. Looking never answers: only its own form does. */
export function approvalPage(parts: ApprovalPageParts): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  app.get('/page.css', (context) => context.body(pageStyle, 200, fileHeaders('text/css')));
  app.get('/page.js', (context) => context.body(pageScript, 200, fileHeaders('text/javascript')));
  app.get('/:id', (context) => {
    const session = sessionOf(context, parts);
    return session === undefined ? signInPage(context, 401) : showHold(context, parts, { session });
  });
  app.post('/:id/sign-in', (context) => signInWithKey(context, parts));
  app.post('/:id/sign-out', (context) => {
    if (!isSameOrigin(context)) return notOurForm(context);
    signOut(context);
    return context.redirect(addressOf(context), 303);
  });
  app.post('/:id', (context) => takeAnswer(context, parts));
  return app;
}

function fileHeaders(type: string): Record<string, string> {
  return { ...pageHeaders, 'Content-Type': `${type}; charset=utf-8` };
}

function addressOf(context: Asked): string {
  return `/approve/${encodeURIComponent(context.req.param('id') ?? '')}`;
}

/** The id of a hold opens nothing: whoever may not see every hold gets no more than strangers. */
async function signInWithKey(context: Asked, parts: ApprovalPageParts): Promise<Response> {
  if (!isSameOrigin(context)) return notOurForm(context);
  const key = (await readForm(context, []))?.get('key')?.trim() ?? '';
  const found = await identifyKey(context, parts, key);
  if (found === 'throttled') return signInPage(context, 429, 'Too many wrong keys; wait a while.');
  if (found === undefined) return signInPage(context, 401, 'This key is not valid.');
  if (!mayOversee(found)) return signInPage(context, 403, 'This key may not look at held calls.');
  signIn(context, found, parts);
  return context.redirect(addressOf(context), 303);
}

type Identified = Principal | 'throttled' | undefined;

async function identifyKey(
  context: Asked,
  { identify }: ApprovalPageParts,
  key: string,
): Promise<Identified> {
  const source = context.env.incoming.socket.remoteAddress ?? 'unknown';
  // An empty header would be nobody's; where no authentication is asked for that is somebody.
  if (key === '' || /[^\x21-\x7e]/.test(key)) return undefined;
  const answer = await identify({ source, authorization: `Bearer ${key}` });
  if (answer.kind === 'known') return answer.principal;
  return answer.kind === 'refused' && answer.retryAfterSeconds !== undefined ? 'throttled' : undefined;
}

interface Showing extends Pick<HoldPage, 'alert' | 'note' | 'args' | 'status'> {
  readonly session: PageSession;
}

async function showHold(context: Asked, parts: ApprovalPageParts, showing: Showing): Promise<Response> {
  const { session, ...more } = showing;
  const hold = findHold(context, parts, session);
  if (hold === undefined) return noSuchHold(context, session);
  const view = await parts.viewApproval(hold);
  const forbidden = whyNotAnswer(session.principal, hold);
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
  return hold?.tenant === principal.tenant && mayOversee(principal) ? hold : undefined;
}

async function takeAnswer(context: Asked, parts: ApprovalPageParts): Promise<Response> {
  const session = sessionOf(context, parts);
  const own = isSameOrigin(context);
  if (session === undefined) return own ? signInPage(context, 401) : notOurForm(context);
  const hold = findHold(context, parts, session);
  if (hold === undefined) return noSuchHold(context, session);
  const form = own ? await readForm(context, ['opened']) : undefined;
  if (form === undefined || !isOwnForm(session, form.get('token') ?? '')) {
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
  const { verdict, note, bind, opened, key, args, standing } = answer;
  const again = (status: 400 | 403 | 409 | 503, alert: string) =>
    showHold(context, parts, { session, status, alert, note, args });
  if (verdict === 'approve') {
    const { needs } = await parts.viewApproval(hold);
    const unseen = needs.open.filter((sha256) => !opened.has(sha256)).length;
    if (unseen > 0) return again(400, 'Open every long value before you approve.');
  }
  const shown = key === undefined ? undefined : await identifyKey(context, parts, key);
  const me = session.principal;
  const isFresh = typeof shown === 'object' && shown.id === me.id && shown.tenant === me.tenant;
  const by = isFresh ? shown : me;
  const given = { by, channel: 'page', seen: bind, note: note === '' ? undefined : note, isFresh };
  const outcome =
    args === undefined
      ? await parts.approvals.answer(hold.id, { ...given, verdict })
      : await parts.editCall(hold.id, { ...given, args });
  if (outcome.kind === 'taken') {
    const refused =
      standing === undefined ? undefined : await stand(parts, hold, { ...standing, by, note, isFresh });
    return refused === undefined ? context.redirect(addressOf(context), 303) : again(409, refused);
  }
  return again(statuses[outcome.problem], outcome.message);
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
