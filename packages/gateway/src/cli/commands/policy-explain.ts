import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { policySpecOf } from '../../app/config/policy-spec.js';
import { upstreamSpecsOf } from '../../app/upstream-specs.js';
import { systemClock } from '../../lib/clock.js';
import { newId } from '../../lib/ids.js';
import { JsonFault, parseJson } from '../../lib/json/parse-json.js';
import { nearest } from '../../lib/nearest.js';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { Tool } from '../../model/tool.js';
import { ArgumentCheck } from '../../pipeline/argument-check.js';
import { compilePolicy } from '../../policy/policy.js';
import type { Upstreams } from '../../upstreams/upstreams.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions, sayWarnings } from '../common-options.js';
import { withUpstreams } from '../connect-upstreams.js';
import { explanationLines } from '../format-explanation.js';
import { hasStore } from '../local-store.js';
import { readStore } from '../read-store.js';
import { print, printJson } from '../terminal.js';

interface ExplainOptions extends CommonOptions, JsonOption {
  readonly tool: string;
  readonly args: string;
  readonly as: string;
}

/** `policy explain`: what the policy answers to a call, and why; calls nothing. */
export async function explain(options: ExplainOptions): Promise<number> {
  const args = readArguments(options.args);
  const config = await loadConfig(loadOptions(options));
  sayWarnings(config);
  const policy = compilePolicy(policySpecOf(config));
  const principal = await principalOf(options.as, config);
  const { tool, explanation } = await withUpstreams(config, (upstreams) => {
    const tool = toolOf(options.tool, upstreams);
    const question = { action: 'call', method: 'tools/call', principal, target: tool, args } as const;
    return { tool, explanation: policy.explain({ ...question, at: systemClock.now(), callId: newId() }) };
  });
  const call = { tool: tool.exposedName, upstream: tool.upstream, principal: principal.id };
  const invalid = argumentFaultOf(tool, args, config);
  const answer = invalid === undefined ? explanation : { invalidArguments: invalid, ...explanation };
  if (options.json === true) printJson({ call, ...answer });
  else for (const line of explanationLines(call, answer)) print(line);
  return 0;
}

/** What the gateway says of arguments that do not fit the tool, whatever the policy answers. */
function argumentFaultOf(tool: Tool, args: JsonObject, config: EffectiveConfig): string | undefined {
  const open = new Set(
    upstreamSpecsOf(config).flatMap(({ id, openArguments }) => (openArguments ? [id] : [])),
  );
  return new ArgumentCheck((id) => open.has(id)).faultOf(tool, args);
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

function toolOf(name: string, upstreams: Upstreams): Tool {
  const tool = upstreams.locate(undefined, name);
  if (tool !== undefined) return tool;
  const names = upstreams.tools().map(({ exposedName }) => exposedName);
  const meant = nearest(name, names);
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const expected = names.length === 0 ? 'a tool, but no server offers any' : `one of ${names.join(', ')}`;
  throw new CliError(`--tool: found ${JSON.stringify(name)}; expected ${expected}${remedy}`);
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
