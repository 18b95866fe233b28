import { until } from '../e2e/gateway-process.js';
import { ask } from './admin-steps.js';
import type { CaseRun } from './case-run.js';
import { holdById, holdNow } from './holds.js';
import type { Counters } from './http-step.js';

/** An answer of somebody to a hold, as the corpus words it. */
export interface Answering {
  readonly verdict: 'approve' | 'deny';
  /** The name that the case gives the hold. */
  readonly hold: string;
  readonly as: string;
  /** Otherwise over REST. */
  readonly via?: 'console' | 'chat';
  readonly signature?: 'forged';
  readonly remember?: boolean;
  readonly counters: Counters;
}

/** Who is who in the chat of the fixture. */
export const chatPeople = { U0APPROVER1: 'approver-1', U0APPROVER2: 'approver-2' } as const;

/** Gives an answer; whether it counts is for the expectations. */
export async function answerHold(run: CaseRun, answering: Answering): Promise<void> {
  const { via, counters, verdict, as } = answering;
  const hold = run.expand(answering.hold, counters);
  if (via === 'chat') return answerInChat(run, { ...answering, hold });
  if (via === 'console') return answerOnPage(run, hold);
  const id = holdById(run, hold);
  const key = run.fixture.credentialOf(as);
  if (answering.remember === true) await remember(run, id, key);
  const exchange = await ask(run, { method: 'POST', path: `/v1/approvals/${id}/${verdict}`, key });
  run.decisions.push({ hold: id, verdict, status: exchange.responses[0]?.status ?? 0 });
}

/** Nobody approves beforehand by answering: an administrator says what, how often and how long. */
async function remember(run: CaseRun, hold: string, key: string): Promise<void> {
  const body = JSON.stringify({ hold, minutes: 60, calls: 20 });
  const { responses } = await ask(run, { method: 'POST', path: '/v1/standing-approvals', key, body });
  if (responses[0]?.status !== 201) throw new Error(`nothing is remembered: ${responses[0]?.body}`);
}

/** A click on the button of the message, once the chat was told of every answer so far. */
async function answerInChat(run: CaseRun, { hold, as, verdict, signature }: Answering): Promise<void> {
  const { chat } = run.fixture;
  if (chat === undefined) throw new Error('the fixture has no chat');
  const { votes } = await holdNow(run, hold);
  const told = () => chat.calls.filter(({ method }) => /^chat\.(postMessage|update)$/.test(method)).length;
  await until('the message in the chat', () => told() > votes.length && chat.buttons[verdict] !== undefined);
  const user = Object.entries(chatPeople).find(([, person]) => person === as)?.[0] ?? 'U0STRANGER';
  const forged = signature === 'forged' ? { forged: { secret: 'guessed' } } : {};
  const { status } = await chat.click(`http://${run.expand('{{HOST}}')}`, {
    user,
    action: verdict,
    ...forged,
  });
  run.decisions.push({ hold: holdById(run, hold), verdict, status });
}

/** On the page that is open, in the session of whoever signed in there. */
async function answerOnPage(run: CaseRun, hold: string): Promise<void> {
  const id = holdById(run, hold);
  const visit = [...run.pages.values()].find(({ page }) => page.url().endsWith(`/approve/${id}`));
  if (visit === undefined) throw new Error(`nobody has the page of ${hold} open`);
  const { page } = visit;
  const sent = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: /^Approve exactly/ }).click();
  run.decisions.push({ hold: id, verdict: 'approve', status: (await sent).status() });
}
