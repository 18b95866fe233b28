import type { PolicyTrialSource } from '../../control/trial-routes.js';
import type { Layer, LayerVersion } from '../../model/api-layer.js';
import type { JsonObject } from '../../model/json.js';
import { LayerFault } from '../../model/layer-fault.js';
import type { Parts, Revision } from '../assemble.js';
import { ConfigError, type ConfigProblem } from '../config/config-error.js';
import { assumedSession, sessionAnswer } from '../policy-tools/assumed-session.js';
import { checkPolicy } from '../policy-tools/check-policy.js';
import { compareAnswers } from '../policy-tools/compare-answers.js';
import { compareRules } from '../policy-tools/compare-rules.js';
import { PolicyBench, usualMethod } from '../policy-tools/policy-bench.js';
import { sampleCallers } from '../policy-tools/sample-callers.js';
import { ownUpstreams } from './own-upstreams.js';
import { below } from './problem-paths.js';
import { readPolicy } from './read-policy.js';

type Trials = PolicyTrialSource['trials'];
type Draft = Parameters<Trials['check']>[0];

/** Asks the policy in force, and drafts of what may come, about calls that nobody makes. */
export function createPolicyTrials(parts: Parts): Trials {
  return {
    explain: (asking) => explain(parts, asking),
    check: (draft) => check(parts, draft),
    diff: (draft) => diff(parts, draft),
  };
}

async function explain(parts: Parts, asking: Parameters<Trials['explain']>[0]) {
  const { tenant, tool, prompt, resource, as, at = parts.options.clock.now() } = asking;
  const bench = await benchOf(parts, { tenant });
  const kind = tool !== undefined ? 'tool' : prompt !== undefined ? 'prompt' : 'resource';
  const target = bench.find(kind, tool ?? prompt ?? resource ?? '');
  if (target === undefined) return undefined;
  const named = bench.config.auth.tokens.find(({ principal }) => principal === as);
  const { roles = named?.roles ?? ['agent' as const], labels = named?.labels ?? {} } = asking;
  const session = asking.session === undefined ? {} : { session: sessionIn(asking.session) };
  const principal = { id: as, credential: 'local', tenant, roles, labels, ...session };
  const args = (asking.arguments ?? {}) as JsonObject;
  const call = { target, method: asking.method ?? usualMethod(target), principal, args, at };
  const { decision, rules, wouldAllow } = await bench.explain(call);
  const invalid = bench.faultOf(call);
  const { exposedName, upstream } = target;
  const inSession = sessionAnswer(call, bench.config);
  return {
    call: { kind, target: exposedName, upstream, principal: as },
    ...(invalid !== undefined && { invalidArguments: invalid }),
    ...(bench.policy.readsHistory && { assumed: 'The caller has made no calls before.' }),
    decision: { ...decision },
    rules: rules.map((rule) => ({ ...rule })),
    ...(wouldAllow && { wouldAllow: [...wouldAllow] }),
    ...(inSession && {
      session: { ...inSession, scopes: [...inSession.scopes], needs: [...inSession.needs] },
    }),
  };
}

function sessionIn({
  agent_id: agent,
  spend_limit: budget,
  scopes,
  labels,
}: NonNullable<Parameters<Trials['explain']>[0]['session']>) {
  return assumedSession({ ...(agent === undefined ? {} : { agent }), budget, scopes, labels });
}

async function check(parts: Parts, draft: Draft): ReturnType<Trials['check']> {
  try {
    return checkPolicy(await benchOf(parts, draft)).map((finding) => ({ ...finding }));
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.problems.map(asFinding);
    if (cause instanceof LayerFault && cause.kind === 'invalid') return cause.problems.map(asFinding);
    throw cause;
  }
}

function asFinding(problem: ConfigProblem) {
  return { severity: 'error' as const, code: 'refused', ...problem };
}

async function diff(parts: Parts, draft: Draft): ReturnType<Trials['diff']> {
  const before = await benchOf(parts, { tenant: draft.tenant });
  const after = await benchOf(parts, draft);
  const named = sampleCallers([before.config, after.config], []);
  const callers = named.map((caller) => ({ ...caller, tenant: draft.tenant }));
  const { samples, changes } = await compareAnswers({ before, after, callers, more: [] });
  const rules = compareRules(before.config, after.config);
  return { rules: rules.map((rule) => ({ ...rule })), samples, changes: changes.map((one) => ({ ...one })) };
}

/** The rules as a tenant knows them, with a draft among them, over what the upstreams offer now. */
async function benchOf(parts: Parts, draft: Draft): Promise<PolicyBench> {
  const { config, policy, panel } = await revisionFor(parts, draft);
  const upstreams = ownUpstreams(parts.upstreams, parts.revision.config, draft.tenant);
  return new PolicyBench({ config, policy, panel, upstreams });
}

/** Nothing of what other tenants made, so that nobody learns of it. Throws LayerFault for a draft that cannot work. */
async function revisionFor(parts: Parts, { tenant, draft }: Draft): Promise<Revision> {
  const { revision } = parts;
  const own = revision.layer.versions.filter((version) => version.tenant === tenant);
  if (draft === undefined && own.length === revision.layer.versions.length) return revision;
  const versions = draft === undefined ? own : [...without(own, nameIn(draft)), ...drafted(tenant, draft)];
  try {
    const layer: Layer = { changes: revision.layer.changes, versions };
    return await parts.makeRevision(revision.file, layer);
  } catch (cause) {
    if (!(cause instanceof ConfigError) || draft === undefined) throw cause;
    const problems = below(`policies.${nameIn(draft)}`, cause.problems);
    throw new LayerFault('invalid', 'The draft cannot work.', problems);
  }
}

function drafted(tenant: string, draft: NonNullable<Draft['draft']>): LayerVersion[] {
  if ('removed' in draft) return [];
  const { name, body } = draft;
  try {
    const content = readPolicy(body, name);
    return [{ kind: 'policy', tenant, name, version: 1, revision: '', at: 0, by: '', content }];
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new LayerFault('invalid', 'The draft cannot work.', cause.problems);
  }
}

function without(versions: readonly LayerVersion[], name: string): LayerVersion[] {
  return versions.filter((version) => version.kind !== 'policy' || version.name !== name);
}

function nameIn(draft: NonNullable<Draft['draft']>): string {
  return 'removed' in draft ? draft.removed : draft.name;
}
