import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { Era } from '../model/revisions.js';
import type { RequestMessage } from './message.js';
import { excerpt, wrongParams } from './protocol-fault.js';

/**
 * The member of `params` by that name, an object with the exact text it came as; undefined where it did not come. Throws
 * ProtocolFault for anything else.
 */
export function objectParam({ params, document }: RequestMessage, name: string): JsonObjectText | undefined {
  if (!Object.hasOwn(params, name)) return undefined;
  const member = document.member('params', name);
  if (member === undefined || !isJsonObject(member.value)) throw wrongParams(`"${name}" must be an object`);
  return { text: member.text, value: member.value };
}

export function textParam({ params }: RequestMessage, name: string): string {
  const text = Object.hasOwn(params, name) ? params[name] : undefined;
  if (typeof text !== 'string') throw wrongParams(`"${name}" must be a string`);
  return text;
}

/**
 * What is dropped here could mean something to the upstream, so unknown members are refused rather than dropped. `era` is
 * given by methods whose modern requests may bring answers to what the upstream asked.
 */
export function checkParams({ params }: RequestMessage, known: ReadonlySet<string>, era?: Era): void {
  for (const name of Object.keys(params)) {
    if (known.has(name)) continue;
    if (name === 'inputResponses' || name === 'requestState') {
      if (era === 'modern') continue;
      throw wrongParams(`"${name}" answers a question that the gateway did not ask`);
    }
    throw wrongParams(`Unknown member ${JSON.stringify(excerpt(name))} in "params"`);
  }
}
