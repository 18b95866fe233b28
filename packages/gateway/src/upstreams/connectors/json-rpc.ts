import { membersOf } from '../../lib/json/members.js';
import { isJsonObject, type JsonDocument, parseDocument } from '../../lib/json/parse-json.js';
import type { JsonObjectText, JsonText, JsonValue } from '../../model/json.js';
import type { RemoteError } from '../../model/remote-error.js';
import type { UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';

/** One JSON-RPC message from an upstream. */
export type Message =
  /** `id` is absent when the server could not tell which request it answers; `reply` when it is not well-formed. */
  | { readonly kind: 'response'; readonly id: number | undefined; readonly reply: UpstreamReply | undefined }
  | ServerRequest
  | Notice
  | { readonly kind: 'nonsense' };

export interface Notice {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonText | undefined;
}

/** A request that the server makes itself; `idText` is its id as raw JSON text. */
export interface ServerRequest {
  readonly kind: 'request';
  readonly idText: string;
  readonly method: string;
  readonly params: JsonText | undefined;
}

/** Reads one message; throws JsonFault for anything but strict JSON. */
export function readMessage(text: string): Message {
  const document = parseDocument(text);
  const root = document.value;
  if (!isJsonObject(root)) return { kind: 'nonsense' };
  const { method, id } = root;
  const wellFormed = root.jsonrpc === '2.0';
  if (typeof method === 'string') {
    if (!wellFormed) return { kind: 'nonsense' };
    const idText = document.member('id')?.text;
    const params = document.member('params');
    if (idText === undefined) return { kind: 'notification', method, params };
    return typeof id === 'object' || typeof id === 'boolean'
      ? { kind: 'nonsense' }
      : { kind: 'request', idText, method, params };
  }
  if (!Object.hasOwn(root, 'result') && !Object.hasOwn(root, 'error')) return { kind: 'nonsense' };
  return { kind: 'response', id: readId(id), reply: wellFormed ? readReply(document) : undefined };
}

/** Requests are numbered from 1, so any id that is not a number answers nothing of ours. */
function readId(id: JsonValue | undefined): number | undefined {
  if (id === null || id === undefined) return undefined;
  return typeof id === 'number' ? id : -1;
}

/** The id of a response that is JSON but not strict JSON, so that the request it answers need not wait in vain. */
export function salvageId(text: string): number | undefined {
  try {
    const id: unknown = (JSON.parse(text) as { id?: unknown } | null)?.id;
    return typeof id === 'number' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** One request as JSON text. `envelope` holds the members of `_meta` that the modern era asks for. */
export function writeRequest(id: number, request: OutgoingRequest, envelope: string | undefined): string {
  const meta = writeMeta(id, request, envelope);
  let params = request.members;
  if (meta !== '') params += params === '' ? `"_meta":{${meta}}` : `,"_meta":{${meta}}`;
  return `{"jsonrpc":"2.0","id":${id},"method":"${request.method}","params":{${params}}}`;
}

export function writeNotification(method: string, params: string): string {
  return `{"jsonrpc":"2.0","method":"${method}","params":${params}}`;
}

/** Which request a `notifications/cancelled` of the server takes back: its id as raw JSON text. */
export function idTextIn(params: JsonText | undefined): string | undefined {
  if (params === undefined || !isJsonObject(params.value)) return undefined;
  return membersOf(params.text).find(([name]) => name === 'requestId')?.[1];
}

/** The answer to a request of the server; `result` is JSON text. */
export function writeResult(idText: string, result: string): string {
  return `{"jsonrpc":"2.0","id":${idText},"result":${result}}`;
}

export function writeError(idText: string, { code, message, data }: RemoteError): string {
  const more = data === undefined ? '' : `,"data":${data.text}`;
  return `{"jsonrpc":"2.0","id":${idText},"error":{"code":${code},"message":${JSON.stringify(message)}${more}}}`;
}

/** Invariant: no name comes twice, whatever the caller sent: what belongs to this hop is written by this hop. */
function writeMeta(id: number, { meta, onProgress }: OutgoingRequest, envelope: string | undefined): string {
  let inside = envelope ?? '';
  if (onProgress !== undefined) inside += `${inside === '' ? '' : ','}"progressToken":${id}`;
  if (meta === undefined) return inside;
  for (const [name, text] of meta) {
    if (name === 'progressToken' || name.startsWith('io.modelcontextprotocol/')) continue;
    inside += `${inside === '' ? '' : ','}${JSON.stringify(name)}:${text}`;
  }
  return inside;
}

function readReply(document: JsonDocument): UpstreamReply | undefined {
  const result = document.member('result');
  const error = document.member('error');
  if (result !== undefined && error === undefined && isJsonObject(result.value)) {
    return { kind: 'result', result: result as JsonObjectText };
  }
  if (error === undefined || result !== undefined || !isJsonObject(error.value)) return undefined;
  return { kind: 'error', error: readError(document) };
}

function readError(document: JsonDocument): RemoteError {
  const code = document.member('error', 'code')?.value;
  const message = document.member('error', 'message')?.value;
  const data = document.member('error', 'data');
  return {
    code: typeof code === 'number' && Number.isInteger(code) ? code : -32603,
    message: typeof message === 'string' ? message : 'The upstream gave no message.',
    ...(data === undefined ? {} : { data }),
  };
}
