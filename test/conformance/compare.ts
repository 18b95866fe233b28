import type { Check, Findings } from './suite.js';

/** Something that the server does directly and does not do behind the gateway. */
export interface Loss {
  readonly scenario: string;
  readonly check: string;
  readonly problem: string;
  readonly details?: unknown;
}

/**
 * Checks that are a success directly and rightly not exercised behind the gateway, each with its reason. A failure or a
 * warning of such a check is a loss all the same.
 */
const hopLocal: Readonly<Record<string, string>> = {
  'server-sse-disconnect-resume':
    'A server that closes its stream is resumed by the gateway; the stream of its client stays open.',
  'server-sse-priming-event': 'A call that says nothing before its result is answered as plain JSON.',
  'server-sse-retry-field': 'A call that says nothing before its result is answered as plain JSON.',
  'server-sse-streams-functional': 'Lists come from memory as plain JSON, so there is no stream to try.',
  ...Object.fromEntries(
    ['roots', 'sampling', 'elicitation'].map((capability) => [
      `sep-2575-client-declares-${capability}-capability`,
      'That server has nothing to call, so nothing is sent on behalf of a client that can be asked.',
    ]),
  ),
};

/** What `through` lost against `direct`: scenarios, checks that no longer succeed, and new warnings. */
export function lossesOf(direct: Findings, through: Findings): Loss[] {
  return [...direct].flatMap(([scenario, checks]) => {
    const found = through.get(scenario);
    if (found === undefined) return [{ scenario, check: '*', problem: 'the scenario did not run' }];
    return [...troublesIn(scenario, found, checks), ...missingIn(scenario, found, checks)];
  });
}

/** Scenarios that passed, as the suite counts: something was checked and nothing failed. */
export function passed(findings: Findings): string[] {
  return [...findings].filter(([, checks]) => isPassed(checks)).map(([scenario]) => scenario);
}

function isPassed(checks: readonly Check[]): boolean {
  return checks.length > 0 && !checks.some((one) => one.status === 'FAILURE');
}

/** Failures, and warnings that the server does not earn by itself. */
function troublesIn(scenario: string, found: readonly Check[], direct: readonly Check[]): Loss[] {
  const known = new Set(direct.filter((one) => one.status === 'WARNING').map((one) => one.id));
  return found
    .filter((one) => one.status === 'FAILURE' || (one.status === 'WARNING' && !known.has(one.id)))
    .map(({ id, status, errorMessage, details }) => ({
      scenario,
      check: id,
      problem: `${status.toLowerCase()}: ${errorMessage ?? 'no message'}`,
      details,
    }));
}

/** Checks that succeed directly and were not even made. */
function missingIn(scenario: string, found: readonly Check[], direct: readonly Check[]): Loss[] {
  const judged = new Set(found.filter((one) => one.status !== 'INFO' && one.status !== 'SKIPPED').map(idOf));
  const wanted = new Set(direct.filter((one) => one.status === 'SUCCESS').map(idOf));
  return [...wanted]
    .filter((id) => !judged.has(id) && hopLocal[id] === undefined)
    .map((check) => ({ scenario, check, problem: 'succeeds directly and was not exercised' }));
}

function idOf(check: Check): string {
  return check.id;
}
