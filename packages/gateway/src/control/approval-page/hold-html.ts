import { html } from 'hono/html';
import type { ApprovalView, ViewArgument } from '../../model/approval-view.js';
import type { ShownText } from '../../model/shown-text.js';
import type { Markup } from './page-frame.js';
import { glanceHtml, openedHtml, textHtml } from './text-html.js';

/**
 * Everything that is known of a hold, in the order of security: the gateway's own knowledge first, claims last. A narrow window
 * shows tables as blocks, which takes their roles from them unless they are written.
 */
export function holdHtml(view: ApprovalView): Markup {
  return html`<section aria-labelledby="what"><h2 id="what">What is asked</h2>
<dl>${view.facts.map(
    ({ name, label, text }) =>
      html`<dt>${label}</dt><dd${name === 'reason' ? html` class="reason"` : ''}>${textHtml(text)}</dd>`,
  )}<dt>Asked</dt><dd>${timeHtml(view.createdAt)}</dd><dt>${view.state === 'pending' ? 'Answer by' : 'Until'}</dt><dd>${timeHtml(view.expiresAt)}</dd></dl></section>
<section aria-labelledby="arguments"><h2 id="arguments">Arguments</h2>${argumentsHtml(view)}</section>
${claimsHtml(view)}
<section aria-labelledby="caller"><h2 id="caller">What this caller did lately</h2>${historyHtml(view)}</section>
${votesHtml(view)}`;
}

function argumentsHtml({ arguments: rows, comparedWith }: ApprovalView): Markup {
  if (rows.length === 0) return html`<p>None.</p>`;
  const compared =
    comparedWith === undefined
      ? 'No call of this tool by this caller was approved before.'
      : html`Compared with the call that was approved last, of ${timeHtml(comparedWith.at)}.`;
  return html`<table role="table"><caption>Provided by agent, unverified. ${compared}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Name</th><th role="columnheader" scope="col">Value</th><th role="columnheader" scope="col">Against the last one</th></tr></thead>
<tbody role="rowgroup">${rows.map(rowHtml)}</tbody></table>`;
}

function rowHtml(row: ViewArgument): Markup {
  const title =
    row.title === undefined
      ? ''
      : html`<span class="title">${textHtml(row.title)} <span class="unverified">(upstream)</span></span>`;
  const name = row.path.pieces.length === 0 ? 'all arguments' : textHtml(row.path);
  return html`<tr role="row"><th role="rowheader" scope="row">${name}${title}</th><td role="cell">${valueHtml(row)}</td><td role="cell">${changeHtml(row)}</td></tr>`;
}

function valueHtml({ value, type }: ViewArgument): Markup {
  if (value === undefined) return html`<em>not given</em>`;
  if (value.isLong) return longHtml(value);
  if (value.pieces.length === 0) return html`<em>empty text</em>`;
  return type === 'text' ? textHtml(value) : html`${textHtml(value)} <span class="unverified">${type}</span>`;
}

/** The box goes with the answer: it says which values were opened. */
function longHtml(value: ShownText): Markup {
  return html`${glanceHtml(value)}
<details class="long"><summary>Open all ${value.bytes} bytes</summary>
${openedHtml(value)}
<p class="unverified">SHA-256 <bdi>${value.sha256}</bdi></p>
<p><input type="checkbox" form="answer" name="opened" value="${value.sha256}" id="o-${value.sha256}"><label class="line" for="o-${value.sha256}">I have looked at all of it</label></p>
</details>`;
}

function changeHtml({ change, before }: ViewArgument): Markup {
  if (change === undefined) return html`<span class="unverified">no earlier call</span>`;
  if (change === 'same') return html`same`;
  const was = before === undefined ? '' : html`<span class="was">was ${glanceHtml(before)}</span>`;
  return html`<span class="${change}">${change}</span>${was}`;
}

function claimsHtml({ claims }: ApprovalView): Markup {
  if (claims.length === 0) return html``;
  return html`<section aria-labelledby="claims"><h2 id="claims">What the upstream says of this tool</h2>
<p class="unverified">Provided by upstream, unverified.</p>
<dl>${claims.map(({ label, text }) => html`<dt>${label}</dt><dd>${textHtml(text)}</dd>`)}</dl></section>`;
}

function historyHtml({ history }: ApprovalView): Markup {
  const { asked, approved, denied, calls } = history;
  const counts = html`<p>Asked for a person ${asked} times; ${approved} approved, ${denied} denied.</p>`;
  if (calls.length === 0) return counts;
  return html`${counts}<ul>${calls.map(
    ({ at, target, effect }) => html`<li>${timeHtml(at)} ${textHtml(target)}: ${effect}</li>`,
  )}</ul>`;
}

function votesHtml({ votes }: ApprovalView): Markup {
  if (votes.length === 0) return html``;
  return html`<section aria-labelledby="answers"><h2 id="answers">Answers</h2><ul>${votes.map(
    ({ by, verdict, channel, at, note }) =>
      html`<li>${verdict} by ${textHtml(by)} over ${channel}, ${timeHtml(at)}${note === undefined ? '' : html`: ${textHtml(note)}`}</li>`,
  )}</ul></section>`;
}

export function timeHtml(at: string): Markup {
  return html`<time datetime="${at}">${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`;
}
