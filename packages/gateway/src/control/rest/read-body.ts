import type { HonoRequest } from 'hono';
import { decodeUtf8, type JsonDocument, JsonFault, parseDocument } from '../../lib/json/parse-json.js';
import { Problem } from './problem.js';

/** In bytes; what people send to the control plane is short. */
const usualLongestBody = 65_536;

/** The body as strict JSON; none is an object without members. Throws Problem. */
export async function readBody(request: HonoRequest, longest = usualLongestBody): Promise<JsonDocument> {
  const bytes = await readBytes(request, longest);
  if (bytes.length === 0) return parseDocument('{}');
  const type = request.header('content-type') ?? '';
  if (!/^application\/json *(;.*)?$/i.test(type)) {
    const found = type === '' ? 'no Content-Type' : `the Content-Type ${JSON.stringify(type.slice(0, 60))}`;
    throw new Problem('unsupported_media_type', `Found ${found}; send application/json.`);
  }
  try {
    return parseDocument(decodeUtf8(bytes));
  } catch (cause) {
    if (cause instanceof JsonFault)
      throw new Problem('invalid_body', `The body is no JSON: ${cause.message}`);
    throw cause;
  }
}

/** What is too long is not read further. */
async function readBytes({ raw }: HonoRequest, longest: number): Promise<Uint8Array> {
  const tooLong = new Problem('body_too_large', `The body has more than ${longest} bytes.`);
  if (Number(raw.headers.get('content-length') ?? 0) > longest) throw tooLong;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of raw.body ?? []) {
    size += chunk.length;
    if (size > longest) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
