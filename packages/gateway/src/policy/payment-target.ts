import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { JsonObject } from '../model/json.js';
import type { Tool } from '../model/tool.js';

const name = 'sallyport.payments';

const inputSchema: JsonObject = {
  type: 'object',
  properties: {
    amount: { type: 'number' },
    currency: { type: 'string' },
    description: { type: 'string' },
  },
  required: ['amount', 'currency'],
};

const definition: JsonObject = { name, inputSchema };
const toolDomain = 0x12;

/** What rules know a payment by that is no call. No client can call it and no list has it. */
export const paymentTarget: Tool = {
  kind: 'tool',
  exposedName: name,
  upstream: 'sallyport',
  name,
  definition: { text: JSON.stringify(definition), value: definition },
  inputSchema,
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  digest: digest(toolDomain, canonicalJson(definition)),
};
