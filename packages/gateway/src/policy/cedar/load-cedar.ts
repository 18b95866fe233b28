import type { DetailedError, Entities, Policy, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { JsonObject } from '../../model/json.js';
import { EvaluatorFault } from '../evaluator-plugin.js';
import type { CedarRequest } from './cedar-request.js';

export interface CedarSources {
  readonly policies: readonly string[];
  /** In Cedar's own form or as JSON. */
  readonly schema?: string | JsonObject;
  readonly entities: Entities;
  readonly validateRequests: boolean;
}

/** Why Cedar answered as it did: the policies that decided, with what their annotations say. */
export interface CedarReason {
  readonly id: string;
  /** `@reason("…")`. */
  readonly reason?: string;
  /** `@ask`: what it permits, a person has to approve. */
  readonly asks: boolean;
}

export interface CedarPolicies {
  /** Throws a sentence where a policy could not be evaluated or the request does not fit the schema. */
  decide(request: CedarRequest): { decision: 'allow' | 'deny'; reasons: readonly CedarReason[] };
}

type Library = typeof import('@cedar-policy/cedar-wasm/nodejs');

/**
 * Parses and checks policies once; `key` names them in the library's cache. Rejects with EvaluatorFault for a missing
 * package, and for policies that do not parse, do not fit the schema or can never apply.
 */
export async function loadCedar(sources: CedarSources, key: string): Promise<CedarPolicies> {
  const library = await loadLibrary();
  const { policies, annotations } = splitPolicies(sources, library);
  const staticPolicies = Object.fromEntries(policies);
  check(sources, staticPolicies, library);
  refuse('policies', library.preparsePolicySet(key, { staticPolicies }));
  const { schema, validateRequests } = sources;
  if (schema !== undefined) refuse('schema', library.preparseSchema(key, schema as string));
  const withSchema = schema === undefined ? {} : { preparsedSchemaName: key };
  return {
    decide(request) {
      const answer = library.statefulIsAuthorized({
        ...request,
        ...withSchema,
        validateRequest: validateRequests,
        preparsedPolicySetId: key,
      });
      if (answer.type === 'failure') throw new Error(`Cedar could not decide: ${told(answer.errors)}`);
      const { decision, diagnostics } = answer.response;
      const [failed] = diagnostics.errors;
      if (failed !== undefined) {
        throw new Error(`policy "${failed.policyId}" could not be evaluated: ${failed.error.message}`);
      }
      const reasons = diagnostics.reason.map((id) => reasonOf(id, annotations.get(id) ?? {}));
      return { decision, reasons };
    },
  };
}

async function loadLibrary(): Promise<Library> {
  try {
    return await import('@cedar-policy/cedar-wasm/nodejs');
  } catch (cause) {
    const remedy = 'npm install @cedar-policy/cedar-wasm@4';
    throw new EvaluatorFault(
      ['kind'],
      `Cedar needs the package @cedar-policy/cedar-wasm, which cannot be loaded; install it: ${remedy}`,
      cause,
    );
  }
}

type Annotations = Readonly<Record<string, string | null>>;

interface Parts {
  readonly policies: ReadonlyMap<string, Policy>;
  readonly annotations: ReadonlyMap<string, Annotations>;
}

/** Each policy under the id of its annotation, or one that says in which file it stands. */
function splitPolicies(sources: CedarSources, library: Library): Parts {
  const policies = new Map<string, Policy>();
  const annotations = new Map<string, Annotations>();
  for (const [file, text] of sources.policies.entries()) {
    const at = ['policies', file];
    const parts = library.policySetTextToParts(text);
    if (parts.type === 'failure') throw new EvaluatorFault(at, told(parts.errors));
    if (parts.policy_templates.length > 0) throw new EvaluatorFault(at, 'templates cannot be linked here');
    for (const [index, policy] of parts.policies.entries()) {
      const json = jsonOf(policy, library);
      const said: Annotations = json.annotations ?? {};
      const id = said.id ?? `file ${file + 1}, policy ${index + 1}`;
      if (policies.has(id)) throw new EvaluatorFault(at, `two policies have the id "${id}"`);
      policies.set(id, json);
      annotations.set(id, said);
    }
  }
  return { policies, annotations };
}

function jsonOf(policy: Policy, library: Library): PolicyJson {
  const answer = library.policyToJson(policy);
  if (answer.type === 'failure') throw new EvaluatorFault(['policies'], told(answer.errors));
  return answer.json;
}

/** A policy that can never apply is a warning to Cedar and a fault here. */
function check(
  { schema, entities }: CedarSources,
  staticPolicies: Record<string, Policy>,
  library: Library,
): void {
  const typed = schema as string | undefined;
  refuse('entities', library.checkParseEntities({ entities, ...(typed !== undefined && { schema: typed }) }));
  if (typed === undefined) return;
  refuse('schema', library.checkParseSchema(typed));
  const answer = library.validate({
    schema: typed,
    policies: { staticPolicies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw new EvaluatorFault(['policies'], told(answer.errors));
  const problems = [...answer.validationErrors, ...answer.validationWarnings];
  if (problems.length === 0) return;
  const sentences = problems.map(({ policyId, error }) => `policy "${policyId}": ${told([error])}`);
  throw new EvaluatorFault(['policies'], sentences.join('; '));
}

function refuse(option: string, answer: { type: string; errors?: DetailedError[] }): void {
  if (answer.type === 'failure') throw new EvaluatorFault([option], told(answer.errors ?? []));
}

function told(errors: readonly DetailedError[]): string {
  return errors.map(({ message, help }) => (help === null ? message : `${message} (${help})`)).join('; ');
}

function reasonOf(id: string, { reason, ask }: Annotations): CedarReason {
  return { id, asks: ask !== undefined, ...(typeof reason === 'string' && { reason }) };
}
