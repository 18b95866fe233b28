import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { AuthenticationFailure } from '../../identity/authentication-failure.js';
import type { CallbackDoor } from '../../identity/sign-in/callback-door.js';
import type { RelyingParty } from '../../identity/sign-in/relying-party.js';
import { SignInUnrecorded } from '../../identity/sign-in/sign-in-desk.js';
import { holdIdOf } from '../../model/hold.js';
import type { Principal } from '../../model/principal.js';
import { alertHtml } from '../approval-page/answer-html.js';
import { pageReply } from '../approval-page/page-frame.js';
import { readForm } from '../approval-page/read-form.js';
import type { ControlVariables } from '../control-variables.js';
import type { Identify } from '../rest/admit.js';
import { noteRefusal, type PersonDoor, sourceOf } from './admit-person.js';
import { type ErrandParts, keepErrand, takeErrand, type Underway } from './errand-cookie.js';
import { ownPath } from './own-path.js';
import { isOwnToken, isSameOrigin } from './same-origin.js';
import { endSession, forgetSession, hasCookie, keepSession, sessionOf } from './session-cookie.js';
import { identifyKey } from './with-key.js';

/** The configured provider of the moment. */
export interface SignInProvider {
  readonly party: Pick<RelyingParty, 'begin' | 'finish'>;
  readonly issuer: string;
  /** What the configuration says of it, as `issuerTerms` has it. */
  readonly terms: string;
  readonly minutes: number;
}

export interface SignInParts extends PersonDoor, ErrandParts {
  readonly identify: Identify;
  readonly provider: () => SignInProvider | undefined;
  readonly callbacks: CallbackDoor;
}

type Asked = Context<ControlVariables>;

/** `/sign-in` and `/sign-out`: for people in browsers, at their provider or with a key. */
export function signInRoutes(parts: SignInParts): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  app.get('/sign-in', (context) => goToProvider(context, parts));
  app.get('/sign-in/callback', (context) => comeBack(context, parts));
  app.get('/sign-in/session', (context) => tellSession(context, parts));
  app.post('/sign-in', (context) => signInWithKey(context, parts));
  app.post('/sign-out', (context) => signOut(context, parts));
  app.onError((cause, context) => {
    if (cause instanceof SignInUnrecorded) return refuse(context, 503, cause.message);
    throw cause;
  });
  return app;
}

async function goToProvider(context: Asked, parts: SignInParts): Promise<Response> {
  const back = ownPath(context.req.query('return') ?? '/console');
  const hold = context.req.query('hold');
  const provider = parts.provider();
  if (back === undefined) return refuse(context, 400, 'That is no page of this gateway to return to.');
  if (hold !== undefined && !/^[\w-]{1,64}$/.test(hold))
    return refuse(context, 400, 'That is no held call to sign in for.');
  if (provider === undefined) return refuse(context, 404, 'There is no provider to sign in at; use a key.');
  try {
    const { url, errand } = await provider.party.begin(hold !== undefined);
    keepErrand(context, { errand, back, hold: hold === undefined ? undefined : holdIdOf(hold) }, parts);
    return context.redirect(url, 303);
  } catch (cause) {
    return refuseFor(context, parts, cause);
  }
}

async function comeBack(context: Asked, parts: SignInParts): Promise<Response> {
  const source = sourceOf(context);
  const seconds = parts.callbacks.waitOf(source);
  // Before the errand is taken: whoever was kept out by the failures of others comes with it again.
  if (seconds !== undefined) return wait(context, parts, seconds);
  const underway = takeErrand(context, parts);
  const provider = parts.provider();
  const isUsed = underway !== undefined && !parts.callbacks.take(underway.errand.state);
  if (underway === undefined || provider === undefined || isUsed) {
    const what = isUsed ? 'this way back was used before' : 'none is under way in this browser';
    noteRefusal(context, parts, { reason: 'unknown', detail: `sign-in: ${what}` });
    return refuse(context, 400, 'No sign-in is under way in this browser; begin again.');
  }
  try {
    const { party } = provider;
    const given = new URL(context.req.url).searchParams;
    const person = await parts.callbacks.through(source, () => party.finish(given, underway.errand));
    return await signInPerson(context, parts, { ...underway, provider, person });
  } catch (cause) {
    return refuseFor(context, parts, cause);
  }
}

interface Returned extends Pick<Underway, 'back' | 'hold'> {
  readonly provider: SignInProvider;
  readonly person: Omit<Principal, 'credential'>;
}

async function signInPerson(
  context: Asked,
  parts: SignInParts,
  { back, hold, provider: { issuer, terms, minutes }, person }: Returned,
): Promise<Response> {
  // Whoever was signed in before in this browser is not any more.
  await endSession(context, parts);
  const signIn = await parts.signIns.withProvider({ person, issuer, terms, minutes, hold });
  keepSession(context, signIn, parts);
  return context.redirect(back, 303);
}

async function signInWithKey(context: Asked, parts: SignInParts): Promise<Response> {
  if (!isSameOrigin(context)) return notOurs(context, parts);
  const form = await readForm(context);
  const back = ownPath(form?.get('return') ?? '/console');
  if (back === undefined) return refuse(context, 400, 'That is no page of this gateway to return to.');
  const found = await identifyKey(context, parts, form?.get('key')?.trim() ?? '');
  if (found === 'throttled') return refuse(context, 429, 'Too many wrong keys; wait a while.');
  if (found === undefined) return refuse(context, 401, 'This key is not valid.');
  await endSession(context, parts);
  keepSession(context, await parts.signIns.withCredential(found), parts);
  return context.redirect(back, 303);
}

/** What a page of ours needs to know: who it is, until when, and the token for what it changes. */
function tellSession(context: Asked, parts: SignInParts): Response {
  const session = sessionOf(context, parts);
  if (session === undefined && hasCookie(context, parts)) forgetSession(context);
  const issuer = parts.provider()?.issuer;
  const offered = issuer === undefined ? {} : { issuer };
  if (session === undefined) return context.json({ signed_in: false, ...offered });
  const { principal, until, token } = session;
  const { id, roles, tenant } = principal;
  const told = { principal: id, roles, tenant, until: new Date(until).toISOString(), csrf: token };
  return context.json({ signed_in: true, ...offered, ...told });
}

async function signOut(context: Asked, parts: SignInParts): Promise<Response> {
  const session = sessionOf(context, parts);
  const form = isSameOrigin(context) ? await readForm(context) : undefined;
  if (form === undefined) return notOurs(context, parts);
  if (session !== undefined && !isOwnToken(session, form.get('token') ?? '')) return notOurs(context, parts);
  const back = ownPath(form.get('return') ?? '/console');
  if (back === undefined) return refuse(context, 400, 'That is no page of this gateway to return to.');
  await endSession(context, parts);
  return context.redirect(back, 303);
}

function notOurs(context: Asked, parts: SignInParts): Promise<Response> {
  noteRefusal(context, parts, { reason: 'malformed', detail: 'cookie: not from a page of this gateway' });
  return refuse(context, 403, 'This did not come from a page of this gateway, so it does not count.');
}

function refuseFor(context: Asked, parts: SignInParts, cause: unknown): Promise<Response> {
  if (!(cause instanceof AuthenticationFailure)) throw cause;
  const { reason, detail } = cause;
  noteRefusal(context, parts, { reason, ...(detail === undefined ? {} : { detail }) });
  if (reason === 'unavailable')
    return refuse(context, 503, 'The provider does not answer as it should; try again in a while.');
  return refuse(context, 403, 'This sign-in does not count; begin again.');
}

function wait(context: Asked, parts: SignInParts, seconds: number): Promise<Response> {
  noteRefusal(context, parts, {
    reason: 'throttled',
    detail: 'sign-in: too many come back at once, or fail',
  });
  context.header('Retry-After', String(seconds));
  return refuse(
    context,
    429,
    `Too many sign-ins fail, or are under way; load this page again in ${seconds} s.`,
  );
}

function refuse(context: Asked, status: 400 | 401 | 403 | 404 | 429 | 503, text: string): Promise<Response> {
  if (status === 503) context.header('Retry-After', '5');
  const body = html`<h1>Not signed in</h1>${alertHtml(text)}<p><a href="/console">To the console</a></p>`;
  return pageReply(context, { title: 'Not signed in – Sallyport', body, status });
}
