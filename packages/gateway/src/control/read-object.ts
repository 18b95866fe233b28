import type { Context } from 'hono';
import { isJsonObject, JsonFault, parseJson } from '../lib/json/parse-json.js';
import type { JsonObject } from '../model/json.js';

/** In bytes; what people send to the control plane is short. */
const longestBody = 65_536;

/** What is wrong with the body of a request, in a sentence. */
export class BodyFault extends Error {}

/** The members of a JSON object that has no other names than `names`; no body is one without members. */
export async function readObject(
  { req }: Context,
  names: readonly string[],
): Promise<JsonObject | BodyFault> {
  const text = await readText(req.raw.body);
  if (text === undefined) return new BodyFault(`The body has more than ${longestBody} bytes.`);
  if (text.trim() === '') return {};
  try {
    const { value } = parseJson(text);
    if (!isJsonObject(value)) return new BodyFault('The body must be a JSON object.');
    const stranger = Object.keys(value).find((name) => !names.includes(name));
    if (stranger === undefined) return value;
    return new BodyFault(`"${stranger}" is no member; there are ${names.join(', ')}.`);
  } catch (cause) {
    if (cause instanceof JsonFault) return new BodyFault(`The body is no JSON: ${cause.message}`);
    throw cause;
  }
}

/** Undefined for what is too long; it is not read further. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > longestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
