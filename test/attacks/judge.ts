import type { CaseRun } from './case-run.js';
import { type Exchange, type HttpResponse, messageOf } from './raw-http.js';

/** Says what is wrong, or undefined when the expectation holds. */
export type Judge = (run: CaseRun, value: never) => string | undefined | Promise<string | undefined>;

/** The first text of a tool result. */
export function resultText(response: HttpResponse): string | undefined {
  const result = messageOf(response)?.result as { content?: { text?: string }[] } | undefined;
  return result?.content?.[0]?.text;
}

/** What came back, for whoever reads that a case failed. */
export function describe(exchange: Exchange): string {
  const end = exchange.closed ? 'closed' : 'open';
  const answers = exchange.responses.map(
    (response) => `HTTP ${response.status} ${response.body.slice(0, 300)}`,
  );
  return answers.length === 0
    ? `no answer, connection ${end}, received ${JSON.stringify(exchange.text.slice(0, 200))}`
    : answers.join(' then ');
}
