import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CaseRun } from './case-run.js';
import { type Item, kindOf } from './corpus.js';
import type { TrailRecord } from './gateway.js';
import { holdJudges } from './hold-judges.js';
import { describe, type Judge, resultText } from './judge.js';
import { pageJudges } from './page-judges.js';
import { type Exchange, exchangeOnce, type HttpResponse, headerOf, messageOf } from './raw-http.js';
import { replyJudges } from './reply-judges.js';
import { signInJudges } from './sign-in-steps.js';
import { startJudges } from './start-steps.js';
import { stateJudges } from './state-judges.js';
import { terminalJudges } from './terminal-steps.js';

interface Counted {
  readonly upstream: string;
  readonly tool: string;
  readonly count?: number;
  readonly max?: number;
  readonly args_equal?: unknown;
}

/** How each kind of expectation of the corpus is judged; a kind that is not here cannot be. */
const judges: Readonly<Record<string, Judge>> = {
  upstream_calls(run, { upstream, tool, count, max, args_equal }: Counted) {
    const calls = run
      .received(upstream)
      .filter((call) => call.method === 'tools/call' && (tool === '*' || call.tool === tool));
    if (count !== undefined && calls.length !== count)
      return `${upstream}.${tool} got ${calls.length} calls, not ${count}`;
    if (max !== undefined && calls.length > max)
      return `${upstream}.${tool} got ${calls.length} calls, more than ${max}`;
    if (args_equal === undefined) return undefined;
    const other = calls.find((call) => !isDeepStrictEqual(call.args, args_equal));
    return (
      other && `${upstream}.${tool} got ${JSON.stringify(other.args)}, not ${JSON.stringify(args_equal)}`
    );
  },

  upstream_header_absent(run, { upstream, name, value }: { upstream: string; name: string; value?: string }) {
    const found = run.received(upstream).find((message) => {
      const header = message.headers[name.toLowerCase()];
      return header !== undefined && (value === undefined || header.includes(value));
    });
    return found && `${upstream} received ${name}: ${found.headers[name.toLowerCase()]}`;
  },

  forwarded_number(run, { path, text_equals }: { path: string; text_equals: string }) {
    const raw = run.received('*').find((message) => message.method === 'tools/call')?.raw ?? '';
    const text = new RegExp(`"${path}"\\s*:\\s*([-+.0-9eE]+)`).exec(raw)?.[1];
    return text === text_equals ? undefined : `the upstream received ${path} as ${text}, not ${text_equals}`;
  },

  refused(run, narrowed: Narrowed) {
    const exchanges = run.judgesEach
      ? run.answered.map(({ exchange }) => exchange)
      : [run.exchange(narrowed.step)];
    return exchanges.map((exchange) => whyNotRefused(exchange, narrowed)).find((why) => why !== undefined);
  },

  accepted(run, { step }: { step?: number }) {
    const exchange = run.exchange(step);
    const response = exchange.responses.at(-1);
    return response !== undefined && isSuccess(response) ? undefined : `not accepted: ${describe(exchange)}`;
  },

  async any_of(run, groups: Item[][]) {
    const problems = await Promise.all(groups.map((group) => judgeAll(run, group)));
    return problems.some((found) => found.length === 0)
      ? undefined
      : `none of: ${problems.flat().join(' | ')}`;
  },

  async alive(run, { within_ms }: { within_ms: number }) {
    const probe = Buffer.from(
      run.expand('GET /livez HTTP/1.1\r\nHost: {{HOST}}\r\nConnection: close\r\n\r\n'),
    );
    const exchange = await exchangeOnce(run.endpoint, probe, within_ms);
    if (!run.fixture.gateway.running) return 'the gateway ended';
    return exchange.responses[0]?.status === 200 ? undefined : `not alive: ${describe(exchange)}`;
  },

  async audit(run, { decision, caller, count }: { decision: string; caller?: string; count?: number }) {
    const wanted = (record: TrailRecord) =>
      Date.parse(record.at) >= run.startedAt &&
      isOfClass(record, decision) &&
      (caller === undefined || record.caller?.id === caller);
    let found = 0;
    for (let tries = 0; tries < 5; tries += 1) {
      found = (await run.fixture.gateway.audit()).filter(wanted).length;
      if (count === undefined ? found > 0 : found === count) return undefined;
      await sleep(200);
    }
    return `the trail has ${found} records of class ${decision} for ${caller ?? 'anybody'}`;
  },

  async absent(run, { value, in: places }: { value: string; in: string[] }) {
    const text = run.expand(value);
    const spellings = [text, JSON.stringify(text).slice(1, -1)];
    const contents = await Promise.all(
      places.map(async (place) => ({ place, content: await contentOf(run, place) })),
    );
    const leak = contents.find(({ content }) => spellings.some((spelling) => content.includes(spelling)));
    return leak && `${value} occurs in ${leak.place}`;
  },

  response_id(run, { saved, equals }: { saved?: string; equals: unknown }) {
    const response = run.response(saved);
    const id = response === undefined ? undefined : messageOf(response)?.id;
    return isDeepStrictEqual(id, equals)
      ? undefined
      : `the reply has id ${JSON.stringify(id)}, not ${JSON.stringify(equals)}`;
  },

  response_matches(run, { saved, result_tag }: { saved: string; result_tag: string }) {
    const answers = run.saved.get(saved) ?? [];
    if (answers.length === 0) return `nothing was saved as ${saved}`;
    for (const { exchange, counters } of answers) {
      const tag = run.expand(result_tag, counters);
      const response = exchange.responses.at(-1);
      const text = response === undefined ? undefined : resultText(response);
      if (text !== tag) return `${saved} carries ${text ?? describe(exchange)}, not ${tag}`;
    }
    return undefined;
  },

  response_header(run, { saved, name, absent, equals, contains, not_equals }: HeaderExpectation) {
    const response = run.response(saved);
    if (response === undefined) return 'there was no response';
    const value = headerOf(response.headers, name);
    const holds =
      (absent !== true || value === undefined) &&
      (equals === undefined || value === equals) &&
      not_equals?.includes(value ?? '') !== true &&
      (contains === undefined || value?.includes(contains) === true);
    return holds ? undefined : `header ${name} is ${value}`;
  },

  result_is_error(run, { saved, text }: { saved?: string; text: string }) {
    const response = run.response(saved);
    const result = response && (messageOf(response)?.result as { isError?: boolean } | undefined);
    if (response === undefined || result?.isError !== true)
      return `no result with isError: ${describe(run.exchange())}`;
    return resultText(response) === text ? undefined : `the text is ${resultText(response)}, not ${text}`;
  },

  status_seen(run, { any, among_first, or_jsonrpc_error }: StatusSeen) {
    const responses = run.answered
      .slice(0, among_first)
      .flatMap(({ exchange }) => exchange.responses.at(-1) ?? []);
    const statuses = responses.flatMap((response) =>
      or_jsonrpc_error === true ? [response.status, statusInside(response)] : [response.status],
    );
    if (statuses.some((status) => any.includes(status ?? 0))) return undefined;
    return `saw only ${[...new Set(statuses)].join(', ')}, not ${any.join(' or ')}`;
  },

  second_request_not_executed(run) {
    const successes = run.exchange().responses.filter(isSuccess).length;
    const calls = run.received('*').filter((message) => message.method === 'tools/call').length;
    if (successes > 1) return `${successes} requests were answered with success`;
    return calls > 1 ? `${calls} calls reached an upstream` : undefined;
  },

  log_bytes_added(run, { max }: { max: number }) {
    const added = run.fixture.gateway.log.length - run.logBefore;
    return added <= max ? undefined : `the log grew by ${added} bytes, more than ${max}`;
  },

  ...holdJudges,
  ...pageJudges,
  ...replyJudges,
  ...signInJudges,
  ...startJudges,
  ...stateJudges,
  ...terminalJudges,
};

interface StatusSeen {
  readonly any: readonly number[];
  readonly among_first?: number;
  readonly or_jsonrpc_error?: boolean;
}

/** What a refusal says that it is, in an error or in a result of a tool. */
function statusInside(response: HttpResponse): number | undefined {
  const message = messageOf(response);
  const { data } = (message?.error ?? {}) as { data?: Refusing };
  const { _meta } = (message?.result ?? {}) as { _meta?: Refusing };
  return (_meta ?? data)?.['io.github.sallyport/refusal']?.status;
}

type Refusing = Readonly<Record<string, { readonly status?: number } | undefined>>;

interface Narrowed {
  readonly step?: number;
  readonly http?: number[];
  readonly jsonrpc_code?: number[];
}

function whyNotRefused(exchange: Exchange, narrowed: Narrowed): string | undefined {
  const response = exchange.responses.at(-1);
  if (response === undefined) {
    return exchange.closed && narrowed.http === undefined ? undefined : `not refused: ${describe(exchange)}`;
  }
  if (!isRefusal(response)) return `not refused: ${describe(exchange)}`;
  if (narrowed.http !== undefined && !narrowed.http.includes(response.status)) {
    return `refused, but not with HTTP ${narrowed.http.join(' or ')}: ${describe(exchange)}`;
  }
  const code = (messageOf(response)?.error as { code?: number } | undefined)?.code ?? Number.NaN;
  if (narrowed.jsonrpc_code !== undefined && !narrowed.jsonrpc_code.includes(code)) {
    return `refused, but not with code ${narrowed.jsonrpc_code.join(' or ')}: ${describe(exchange)}`;
  }
  return undefined;
}

interface HeaderExpectation {
  readonly saved?: string;
  readonly name: string;
  readonly absent?: boolean;
  readonly equals?: string;
  readonly contains?: string;
  readonly not_equals?: readonly string[];
}

/** The kinds of expectation among `items`, nested ones included, that the harness cannot judge. */
export function unknownExpectations(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    const kind = kindOf(item);
    if (!Object.hasOwn(judges, kind)) return [kind];
    return Array.isArray(item.any_of) ? unknownExpectations(item.any_of.flat()) : [];
  });
}

/** What is wrong: empty when every expectation that can be judged holds. */
export async function judgeAll(run: CaseRun, items: readonly Item[]): Promise<string[]> {
  const problems: string[] = [];
  for (const item of items) {
    const kind = kindOf(item);
    const problem = await judges[kind]?.(run, item[kind] as never);
    if (problem !== undefined) problems.push(`${kind}: ${problem}`);
  }
  return problems;
}

/** Maps the classes of the corpus to records of our trail. */
function isOfClass({ type, effect, outcome }: TrailRecord, wanted: string): boolean {
  switch (wanted) {
    case 'allow':
      return type === 'call.decided' && effect === 'allow';
    case 'invalid':
      return type === 'call.received_invalid';
    case 'refused':
      return (
        type === 'call.received_invalid' ||
        (type === 'call.decided' && effect !== 'allow') ||
        (type === 'call.outcome' && outcome === 'refused')
      );
    case 'auth_failed':
      return type === 'auth.failed';
    case 'config_rejected':
      return type === 'policy.rejected';
    case 'tool_changed':
    case 'tool_flagged':
      return type === 'upstream.tool_quarantined';
    case 'tool_rejected':
      return type === 'upstream.tool_rejected' || type === 'upstream.tool_quarantined';
    case 'server_request_refused':
      return type === 'call.question' && effect !== 'allow';
    default:
      throw new Error(`no record of ours is of class ${wanted}`);
  }
}

async function contentOf(run: CaseRun, place: string): Promise<string> {
  switch (place) {
    case 'response':
      return run.answered.map(({ exchange }) => exchange.text).join('\n');
    case 'logs':
      return run.fixture.gateway.log.slice(run.logBefore);
    case 'audit':
      return JSON.stringify(await run.fixture.gateway.audit());
    default: {
      const content = place.startsWith('saved:') ? run.dumps.get(place.slice(6)) : undefined;
      if (content === undefined) throw new Error(`cannot look into ${place}`);
      return content;
    }
  }
}

function isRefusal(response: HttpResponse): boolean {
  if (response.status >= 400) return true;
  const message = messageOf(response);
  return (
    message !== undefined &&
    ('error' in message || (message.result as { isError?: boolean }).isError === true)
  );
}

/** A question back (`input_required`) is no refusal, but no success either. */
function isSuccess(response: HttpResponse): boolean {
  const result = messageOf(response)?.result as { resultType?: string } | undefined;
  return (
    response.status < 300 &&
    result !== undefined &&
    result.resultType !== 'input_required' &&
    !isRefusal(response)
  );
}
