import { html } from 'hono/html';
import type { ApprovalView } from '../../model/approval-view.js';
import type { Markup } from './page-frame.js';

export interface AnswerForm {
  readonly view: ApprovalView;
  /** Tells this form from those of other sites. */
  readonly token: string;
  /** What was written before, where an answer did not count. */
  readonly note?: string | undefined;
  /** Whether this person may approve beforehand. */
  readonly mayStand: boolean;
  /** The arguments, for changing them; absent where they cannot be. */
  readonly args?: string | undefined;
  readonly stepUp: StepUp;
}

/** How this person shows who they are for a call of high risk; `done` where they have. */
export type StepUp = 'key' | 'provider' | 'done';

/** The form of somebody who may answer. */
export function answerHtml({ view, token, note = '', args, mayStand, stepUp }: AnswerForm): Markup {
  const { id, bind, needs } = view;
  return html`<form id="answer" class="answer" method="post" action="/approve/${id}" autocomplete="off">
<h2>Your answer</h2>
${needsHtml(view)}
<input type="hidden" name="token" value="${token}"><input type="hidden" name="bind" value="${bind}">
<label for="note">Note${needs.noteRequired ? ' (required)' : ', for the record'}</label>
<textarea id="note" name="note" rows="2" maxlength="4096"${needs.noteRequired ? html` required` : ''}>${note}</textarea>
${needs.stepUp ? stepUpHtml(id, stepUp) : ''}
${mayStand ? standingHtml() : ''}
${needs.open.length > 0 ? html`<p id="open-first" class="note">Open every long value before you approve.</p>` : ''}
<div class="buttons"><button class="yes" data-yes name="action" value="approve">Approve exactly this, once</button>
<button class="no" name="action" value="deny" formnovalidate>Deny</button></div>
${args === undefined ? '' : editHtml(args)}
</form>`;
}

function needsHtml({ needs }: ApprovalView): Markup {
  const sentences = [
    ...(needs.quorum > 1
      ? [`It needs ${needs.quorum} different people; ${needs.given} said yes so far.`]
      : []),
    ...needs.approvers.map((groups) => `It needs an approver of ${groups.join(' or ')}.`),
  ];
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;
}

/** Left empty, the yes is for this one call. */
function standingHtml(): Markup {
  return html`<fieldset><legend>Approve such calls beforehand, too</legend>
<p class="unverified">The same tool and caller with exactly these arguments. It can be revoked at any time.</p>
<label for="minutes">For how many minutes (at most 1440)</label><input id="minutes" name="minutes" type="number" min="1" max="1440">
<label for="calls">For how many further calls (at most 1000)</label><input id="calls" name="calls" type="number" min="1" max="1000">
</fieldset>`;
}

/** The changed call is judged by every rule again; the yes is for exactly what is written here. */
function editHtml(args: string): Markup {
  return html`<details><summary>Approve with changes</summary>
<label for="args">Arguments to run the call with instead, as JSON</label>
<textarea id="args" name="args" rows="8" spellcheck="false">${args}</textarea>
<div class="buttons"><button data-yes name="action" value="edit">Approve the changed call</button></div>
</details>`;
}

/** What is written so far does not go along to the provider, so this comes before it. */
function stepUpHtml(id: string, stepUp: StepUp): Markup {
  if (stepUp === 'done')
    return html`<p class="note">This call is of high risk. You have signed in again for it: that counts for one yes.</p>`;
  if (stepUp === 'provider')
    return html`<p class="note">This call is of high risk: <a href="/sign-in?return=/approve/${id}&amp;hold=${id}">sign in again</a> before you approve it.</p>`;
  return html`<label for="key">Your key, once more: this call is of high risk</label>
<input id="key" name="key" type="password" required autocomplete="off">`;
}

export interface SignInForm {
  readonly id: string;
  readonly alert?: string | undefined;
  readonly hasProvider: boolean;
}

export function signInHtml({ id, alert, hasProvider }: SignInForm): Markup {
  return html`<h1>Sign in to see what is asked</h1>
${alertHtml(alert)}
<form class="answer" method="post" action="/approve/${id}/sign-in">
<label for="key">Key of an approver</label>
<input id="key" name="key" type="password" required autocomplete="off">
<div class="buttons"><button class="yes">Sign in</button></div>
</form>
${hasProvider ? html`<p><a href="/sign-in?return=/approve/${id}">Sign in with the identity provider</a></p>` : ''}`;
}

export function alertHtml(alert: string | undefined): Markup {
  return alert === undefined ? html`` : html`<p class="alert" role="alert">${alert}</p>`;
}
