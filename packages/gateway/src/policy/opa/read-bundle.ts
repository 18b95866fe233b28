import { gunzipSync } from 'node:zlib';
import { decodeUtf8, parseJson } from '../../lib/json/parse-json.js';
import type { JsonValue } from '../../model/json.js';

/** What `opa build -t wasm` puts into a bundle, as far as it is needed to decide. */
export interface OpaBundle {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly data?: JsonValue;
}

/** Longest bundle, unpacked. */
const mostBytes = 67_108_864;

const blockBytes = 512;

/** Reads a bundle (gzipped tar) or the module in it. Throws a sentence for what is neither. */
export function readBundle(bytes: Buffer): OpaBundle {
  if (bytes.subarray(0, 4).toString('latin1') === '\0asm') return { wasm: new Uint8Array(bytes) };
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    throw new Error('the file is neither a bundle nor a Wasm module');
  const files = filesIn(gunzipSync(bytes, { maxOutputLength: mostBytes }));
  const wasm = files.get('policy.wasm');
  if (wasm === undefined) throw new Error('the bundle has no policy.wasm; build it with opa build -t wasm');
  const data = files.get('data.json');
  return { wasm: new Uint8Array(wasm), ...(data && { data: parseJson(decodeUtf8(data)).value }) };
}

/** Regular files by name, without the slash that OPA puts before it. */
function filesIn(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = 0;
  while (at + blockBytes <= tar.length && tar[at] !== 0) {
    const name = textIn(tar, at, 100);
    const size = Number.parseInt(textIn(tar, at + 124, 12), 8);
    if (!Number.isSafeInteger(size) || at + blockBytes + size > tar.length) {
      throw new Error('the bundle is damaged');
    }
    const isFile = tar[at + 156] === 0x30 || tar[at + 156] === 0;
    if (isFile) files.set(name.replace(/^\.?\//, ''), tar.subarray(at + blockBytes, at + blockBytes + size));
    at += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
  }
  return files;
}

function textIn(tar: Buffer, at: number, length: number): string {
  const field = tar.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end).trim();
}
