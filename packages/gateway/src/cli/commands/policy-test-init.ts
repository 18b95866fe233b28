import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../app/config/load-config.js';
import { usualFolder } from '../../app/policy-tools/golden-file.js';
import { snapshotText } from '../../app/policy-tools/offer-snapshot.js';
import { type PolicyBench, usualMethod } from '../../app/policy-tools/policy-bench.js';
import { sampleArguments } from '../../app/policy-tools/sample-arguments.js';
import { withBench } from '../../app/policy-tools/with-bench.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { Target } from '../../model/target.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, loadOptions } from '../common-options.js';
import { print } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';

const head = `# Golden cases of the policy: sallyport policy test
# Each case says who calls what with which arguments, and what the policy must answer. These were made from the tools
# that the servers offer and from what the policy answers today: read each one, and change what should be otherwise.
# docs/policy-tools.md names everything that a case can say.
`;

/** Nobody reads more than this of what a machine wrote. */
const mostCases = 200;
/** A Monday at noon, as where a file names no time. */
const at = Date.parse('2026-01-05T12:00:00Z');

/** `policy test --init`: writes a snapshot of the tools, and a case for each as the policy answers now. Overwrites nothing. */
export async function writeFirstTests(
  options: CommonOptions & ToolsOption,
  [folder = usualFolder]: readonly string[],
): Promise<number> {
  const [cases, tools] = [join(folder, 'first.test.yaml'), join(folder, 'tools.json')];
  for (const file of [cases, tools]) {
    if (existsSync(file)) throw new CliError(`${file}: is there already, and is not overwritten`);
  }
  const config = await loadConfig(loadOptions(options));
  if (config.file === undefined) throw new CliError('found no configuration file; name it with --config', 2);
  const snapshot = await snapshotFor(config, options.tools);
  const written = await withBench(config, snapshot, firstCases);
  const policy = relative(resolve(folder), config.file).replaceAll('\\', '/');
  const text = stringify({ policy, tools: 'tools.json', cases: written }, { lineWidth: 0 });
  mkdirSync(folder, { recursive: true });
  writeFileSync(tools, snapshotText(snapshot), { flag: 'wx' });
  writeFileSync(cases, `${head}${text}`, { flag: 'wx' });
  print(`Wrote ${cases} with ${written.length} cases, and ${tools}. Now run: sallyport policy test`);
  return 0;
}

async function firstCases(bench: PolicyBench): Promise<object[]> {
  const { upstreams, config } = bench;
  const callers = config.auth.tokens.map(({ principal }) => principal);
  const [caller = 'local'] = callers;
  const token = config.auth.tokens.find(({ principal }) => principal === caller);
  const { roles = ['agent' as const], labels = {} } = token ?? {};
  const principal = { id: caller, credential: 'local', tenant: 'default', roles, labels };
  const targets: readonly Target[] = [...upstreams.tools(), ...upstreams.prompts(), ...upstreams.resources()];
  const cases: object[] = [];
  for (const target of targets.slice(0, mostCases)) {
    const args = argumentsFor(target);
    const answer = await bench.decide({ target, method: usualMethod(target), principal, args, at });
    const { effect, decision } = answer;
    const by = decision.rule ?? (decision.evaluator === undefined ? 'default' : undefined);
    cases.push({
      [target.kind]: target.exposedName,
      ...(caller === 'local' ? {} : { as: callerText(caller, token) }),
      ...(Object.keys(args).length === 0 ? {} : { args }),
      expect: { effect, ...(by === undefined ? {} : { rule: by }) },
    });
  }
  if (cases.length > 0) return cases;
  throw new CliError('the servers offer nothing that a case could be about');
}

function callerText(
  id: string,
  token: { roles: readonly string[]; labels?: object | undefined } | undefined,
) {
  const isPlain = token === undefined || (token.labels === undefined && String(token.roles) === 'agent');
  return isPlain ? id : { id, roles: token.roles, ...(token.labels && { labels: token.labels }) };
}

function argumentsFor(target: Target): JsonObject {
  if (target.kind === 'tool')
    return sampleArguments(target.inputSchema, { numbers: [], texts: [] }, 1)[0] ?? {};
  if (target.kind !== 'prompt') return {};
  const listed = target.definition.value.arguments;
  const names = Array.isArray(listed) ? listed.flatMap((one) => nameOf(one)) : [];
  return Object.fromEntries(names.map((name) => [name, 'x']));
}

function nameOf(listed: JsonValue): string[] {
  return isJsonObject(listed) && typeof listed.name === 'string' ? [listed.name] : [];
}
