import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { openPanel } from '../../app/open-panel.js';
import { assumedSession, sessionAnswer } from '../../app/policy-tools/assumed-session.js';
import { PolicyBench, usualMethod } from '../../app/policy-tools/policy-bench.js';
import { withRecordedUpstreams } from '../../app/policy-tools/recorded-upstreams.js';
import { SessionFault } from '../../identity/session-wish.js';
import { systemClock } from '../../lib/clock.js';
import { JsonFault, parseJson } from '../../lib/json/parse-json.js';
import { nearest } from '../../lib/nearest.js';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { SessionFacts } from '../../model/session.js';
import type { Target } from '../../model/target.js';
import { memberFor, methodsFor } from '../../policy/governed-methods.js';
import type { Upstreams } from '../../upstreams/upstreams.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions, sayWarnings } from '../common-options.js';
import { withUpstreams } from '../connect-upstreams.js';
import { explanationLines } from '../format-explanation.js';
import { hasStore } from '../local-store.js';
import { readStore } from '../read-store.js';
import { print, printJson } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';
import { withStoredLayer } from '../with-stored-layer.js';

interface ExplainOptions extends CommonOptions, JsonOption, ToolsOption {
  readonly tool?: string;
  readonly prompt?: string;
  readonly resource?: string;
  readonly method?: string;
  readonly args: string;
  readonly as: string;
  readonly at?: string;
  readonly scopes?: string;
  readonly budget?: string;
}

/** `policy explain`: what the policy answers to a call, and why; calls nothing. */
export async function explain(options: ExplainOptions): Promise<number> {
  const wanted = wantedOf(options);
  const args = readArguments(options.args);
  const at = readTime(options.at);
  const config = await withStoredLayer(await loadConfig(loadOptions(options)));
  sayWarnings(config);
  const { policy, panel } = await openPanel(config, systemClock);
  const session = sessionIn(options);
  const caller = await principalOf(options.as, config);
  const principal = session === undefined ? caller : { ...caller, session };
  const { target, explanation, invalid, inSession } = await withKnown(config, options, async (upstreams) => {
    const bench = new PolicyBench({ config, policy, panel, upstreams });
    const target = targetOf(wanted, bench);
    const call = { target, method: options.method ?? usualMethod(target), principal, args, at };
    const { decision, rules, wouldAllow } = await bench.explain(call);
    const explanation = { decision, rules, ...(wouldAllow && { wouldAllow }) };
    const inSession = sessionAnswer(call, config);
    return { target, explanation, invalid: bench.faultOf(call), inSession };
  });
  const { kind, exposedName, upstream } = target;
  const call = { kind, target: exposedName, upstream, principal: principal.id };
  const assumed = policy.readsHistory ? { assumed: 'The caller has made no calls before.' } : {};
  const given = { ...(invalid && { invalidArguments: invalid }), ...(inSession && { session: inSession }) };
  const answer = { ...given, ...assumed, ...explanation };
  if (options.json === true) printJson({ call, ...answer });
  else for (const line of explanationLines(call, answer)) print(line);
  return 0;
}

/** What somebody asks about, by its name or URI. */
interface Wanted {
  readonly kind: 'tool' | 'prompt' | 'resource';
  readonly name: string;
}

function wantedOf({ tool, prompt, resource, method }: ExplainOptions): Wanted {
  const given = Object.entries({ tool, prompt, resource }).flatMap(([kind, name]) =>
    name === undefined ? [] : [{ kind: kind as Wanted['kind'], name }],
  );
  const [wanted, ...more] = given;
  if (wanted === undefined || more.length > 0)
    throw new CliError('expected exactly one of --tool, --prompt and --resource', 2);
  const possible = methodsFor[memberFor(wanted.kind) ?? 'tools'];
  if (method === undefined || possible.includes(method)) return wanted;
  const found = JSON.stringify(method);
  throw new CliError(`--method: found ${found}; expected one of ${possible.join(', ')}`, 2);
}

function sessionIn({ scopes, budget }: ExplainOptions): SessionFacts | undefined {
  if (scopes === undefined && budget === undefined) return undefined;
  try {
    return assumedSession({ scopes: scopes?.split(','), budget });
  } catch (cause) {
    if (!(cause instanceof SessionFault)) throw cause;
    throw new CliError(`--${cause.member}: ${cause.message}`, 2);
  }
}

function readTime(text: string | undefined): number {
  if (text === undefined) return systemClock.now();
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new CliError(
    `--at: found ${JSON.stringify(text)}; expected a time such as 2026-06-10T09:00:00+02:00`,
    2,
  );
}

/** Asks the servers unless another source is named: pins know no resources. */
function withKnown<Result>(
  config: EffectiveConfig,
  { tools }: ToolsOption,
  use: (upstreams: Upstreams) => Promise<Result>,
): Promise<Result> {
  if (tools === undefined || tools === 'live') return withUpstreams(config, use);
  return snapshotFor(config, tools).then((snapshot) => withRecordedUpstreams(config, snapshot, use));
}

function readArguments(text: string): JsonObject {
  let value: unknown;
  try {
    value = parseJson(text).value;
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    throw new CliError(`--args: ${fault.message}; expected a JSON object`, 2);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new CliError(
    `--args: found ${JSON.stringify(text)}; expected a JSON object such as {"path": "/tmp"}`,
    2,
  );
}

function targetOf({ kind, name }: Wanted, bench: PolicyBench): Target {
  const target = bench.find(kind, name);
  if (target !== undefined) return target;
  const { upstreams } = bench;
  const known = { tool: upstreams.tools(), prompt: upstreams.prompts(), resource: upstreams.resources() };
  const names = known[kind].map(({ exposedName }) => exposedName);
  const meant = nearest(name, names);
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const expected = names.length === 0 ? `a ${kind}, but no server offers any` : `one of ${names.join(', ')}`;
  throw new CliError(`--${kind}: found ${JSON.stringify(name)}; expected ${expected}${remedy}`);
}

/** The owner of a key where the word is a key's id; else a caller of that name, with what static tokens say of it. */
async function principalOf(word: string, config: EffectiveConfig): Promise<Principal> {
  const owner = await ownerOfKey(word, config);
  if (owner !== undefined) return owner;
  const named = config.auth.tokens.find(({ principal }) => principal === word);
  const { roles = ['agent' as const], labels = {} } = named ?? {};
  const credential = named === undefined ? 'local' : `token:${word}`;
  return { id: word, credential, tenant: 'default', roles, labels };
}

async function ownerOfKey(id: string, config: EffectiveConfig): Promise<Principal | undefined> {
  if (!/^[A-Za-z0-9_-]{8}$/.test(id) || !hasStore(config)) return undefined;
  const key = await readStore(config, (store) => Promise.resolve(store.keys.find(id)));
  if (key === undefined) return undefined;
  const { principal, tenant, roles, labels } = key;
  return { id: principal, credential: `key:${id}`, tenant, roles, labels };
}
