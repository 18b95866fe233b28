import { z } from 'zod';
import { riskMembers } from './risk-config.js';
import { secretReferenceSchema } from './secret-reference.js';

const text = z.string().min(1);
const path = text.describe('a file, relative to this one');

const common = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .describe('1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-", beginning with a letter or digit'),
  timeoutSeconds: z
    .number()
    .positive()
    .max(60)
    .default(2)
    .describe('how long an answer may take; a later one does not count'),
  shadow: z.boolean().default(false).describe('true: evaluated and recorded, not enforced'),
  onFault: z
    .enum(['deny', 'abstain'])
    .default('deny')
    .describe('what it counts as when it fails; abstain leaves the call to everything else'),
};

const allowListMembers = {
  tools: z
    .array(text)
    .max(10_000)
    .describe('names of tools, with wildcards or as /regular expressions/; all others are denied'),
  reason: text.max(1024).optional().describe('one sentence for callers of other tools'),
};

const reachMembers = {
  addresses: z
    .array(text)
    .default([])
    .describe('addresses and ranges besides public ones that it may be at: 10.0.0.0/8'),
  plainHttp: z
    .boolean()
    .default(false)
    .describe('true: the URL may begin with http:// although it is not on this machine'),
  headers: z
    .record(text, z.string())
    .default({})
    .describe('headers of each request; values as those of upstreams'),
};

const url = z.url({ protocol: /^https?$/ });

const webhookMembers = {
  url: url.describe('where calls are posted to'),
  secret: secretReferenceSchema.describe('signs each request: env:NAME or file:PATH'),
  ...reachMembers,
};

const opaMembers = {
  url: url.describe('the address of the OPA server, for example http://127.0.0.1:8181'),
  path: z
    .string()
    .regex(/^[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)*$/)
    .describe('the document that decides, below /v1/data: sallyport/decision'),
  ...reachMembers,
};

const opaWasmMembers = {
  file: path.describe('a bundle (.tar.gz) that opa build -t wasm has made, or the policy.wasm in it'),
  entrypoint: text.default('sallyport/decision').describe('the entrypoint it was built with'),
  data: path.optional().describe('a JSON file with data; by default that of the bundle'),
};

const cedarMembers = {
  policies: z.array(path).min(1).describe('files with Cedar policies'),
  schema: path.optional().describe('a Cedar schema, .cedarschema or .json, that the policies must fit'),
  entities: path.optional().describe('a JSON file with entities besides those of the call'),
  validateRequests: z.boolean().default(false).describe('true: calls that do not fit the schema are denied'),
};

/** The options of each kind of built-in evaluator, without what all evaluators have. */
export const evaluatorOptions = {
  'allow-list': z.strictObject(allowListMembers),
  risk: z.strictObject(riskMembers),
  webhook: z.strictObject(webhookMembers),
  opa: z.strictObject(opaMembers),
  'opa-wasm': z.strictObject(opaWasmMembers),
  cedar: z.strictObject(cedarMembers),
} as const;

const builtIn = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('allow-list'), ...allowListMembers }),
  z.strictObject({ ...common, kind: z.literal('risk'), ...riskMembers }),
  z.strictObject({ ...common, kind: z.literal('webhook'), ...webhookMembers }),
  z.strictObject({ ...common, kind: z.literal('opa'), ...opaMembers }),
  z.strictObject({ ...common, kind: z.literal('opa-wasm'), ...opaWasmMembers }),
  z.strictObject({ ...common, kind: z.literal('cedar'), ...cedarMembers }),
]);

/** What a configuration in TypeScript can name: a plain function, or what defineEvaluator describes. */
export type ConfiguredPlugin =
  | ((...args: never[]) => unknown)
  | { readonly kind: 'evaluator'; readonly name: string };

const own = z.strictObject({
  ...common,
  use: z
    .custom<ConfiguredPlugin>(isPlugin, { message: 'a function, or an evaluator made by defineEvaluator' })
    .describe('a function, or an evaluator made by defineEvaluator'),
  options: z.unknown().optional().describe('the options of the evaluator'),
});

function isPlugin(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'evaluator';
}

/** Who decides beside the rules. */
export const evaluatorsSchema = z
  .array(
    z.union([builtIn, own]).describe('an evaluator: a built-in one by its kind, or one of your own by use'),
  )
  .max(16)
  .default([])
  .describe('who decides beside the rules; the strictest answer counts');
