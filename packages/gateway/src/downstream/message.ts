import {
  decodeUtf8,
  isJsonObject,
  type JsonDocument,
  JsonFault,
  parseDocument,
} from '../lib/json/parse-json.js';
import type { ClientAnswer } from '../model/client.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { RemoteError } from '../model/remote-error.js';
import { errorCodes, excerpt, ProtocolFault } from './protocol-fault.js';

/** One JSON-RPC message from a client, its envelope checked. */
export type Message = RequestMessage | NotificationMessage | ResponseMessage;

export interface RequestMessage {
  readonly kind: 'request';
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly document: JsonDocument;
}

export interface NotificationMessage {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject;
}

/** What a client answers to a question that was put to it, or one that it thinks was. */
export interface ResponseMessage {
  readonly kind: 'response';
  readonly id: RequestId;
  readonly answer: ClientAnswer;
}

export interface RequestId {
  /** Exact JSON text, echoed in the reply. */
  readonly text: string;
  /** Equal for equal ids, however they were written; `1` and `"1"` differ. */
  readonly key: string;
}

const requestMembers = new Set(['jsonrpc', 'id', 'method', 'params']);
const responseMembers = new Set(['jsonrpc', 'id', 'result', 'error']);
const longestId = 1024;
const noParams: JsonObject = {};

/** Reads one message from strict JSON; throws ProtocolFault for everything that is not exactly one message. */
export function readMessage(bytes: Uint8Array): Message {
  return messageIn(parseStrictly(bytes));
}

/** The same for a document that is read already. */
export function messageIn(document: JsonDocument): Message {
  const envelope = document.value;
  if (!isJsonObject(envelope)) throw invalid('A message is a JSON object');
  const isCall = Object.hasOwn(envelope, 'method');
  const id = Object.hasOwn(envelope, 'id') ? readId(document, envelope.id) : undefined;
  if (id === null) throw invalid('"id" must be a string or an integer');
  try {
    checkMembers(envelope, isCall ? requestMembers : responseMembers);
    return isCall ? readCall(document, envelope, id) : readResponse(document, id);
  } catch (fault) {
    throw withId(fault, id);
  }
}

/** `requestId` of a cancellation, in the form of `RequestId.key`; nothing when it is no id. */
export function idKey(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value.length <= longestId ? `s${value}` : undefined;
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number' && Number.isInteger(value)) return `n${value}`;
  return undefined;
}

/** Throws ProtocolFault for bytes that are not strict JSON. */
export function parseStrictly(bytes: Uint8Array): JsonDocument {
  try {
    return parseDocument(decodeUtf8(bytes));
  } catch (cause) {
    if (cause instanceof JsonFault)
      throw new ProtocolFault(errorCodes.parse, `Not strict JSON. ${cause.message}`);
    throw cause;
  }
}

/** Null when the id is of a wrong type. */
function readId(document: JsonDocument, value: JsonValue | undefined): RequestId | null {
  const key = idKey(value);
  const text = document.member('id')?.text;
  return key === undefined || text === undefined ? null : { key, text };
}

function checkMembers(envelope: JsonObject, known: ReadonlySet<string>): void {
  if (envelope.jsonrpc !== '2.0') throw invalid('"jsonrpc" must be "2.0"');
  for (const name of Object.keys(envelope)) {
    if (!known.has(name)) throw invalid(`Unknown member ${JSON.stringify(excerpt(name))} in the message`);
  }
}

function readCall(document: JsonDocument, envelope: JsonObject, id: RequestId | undefined): Message {
  const { method, params = noParams } = envelope;
  if (typeof method !== 'string') throw invalid('"method" must be a string');
  if (!isJsonObject(params)) throw invalid('"params" must be an object');
  if (id === undefined) return { kind: 'notification', method, params };
  return { kind: 'request', id, method, params, document };
}

function readResponse(document: JsonDocument, id: RequestId | undefined): ResponseMessage {
  const result = document.member('result');
  const error = document.member('error');
  if ((result === undefined) === (error === undefined)) {
    throw invalid('A message has a "method", a "result" or an "error"');
  }
  if (id === undefined) throw invalid('A response must have the "id" of its request');
  if (result !== undefined) {
    const { text, value } = result;
    if (!isJsonObject(value)) throw invalid('"result" must be an object');
    return { kind: 'response', id, answer: { kind: 'result', result: { text, value } } };
  }
  return { kind: 'response', id, answer: { kind: 'error', error: readError(document) } };
}

function readError(document: JsonDocument): RemoteError {
  const code = document.member('error', 'code')?.value;
  const message = document.member('error', 'message')?.value;
  const data = document.member('error', 'data');
  if (typeof code !== 'number' || !Number.isInteger(code) || typeof message !== 'string') {
    throw invalid('"error" must have an integer "code" and a string "message"');
  }
  return data === undefined ? { code, message } : { code, message, data };
}

function withId(fault: unknown, id: RequestId | undefined): unknown {
  if (!(fault instanceof ProtocolFault) || id === undefined) return fault;
  const { code, message, status, reason } = fault;
  return new ProtocolFault(code, message, { status, reason, id: id.text });
}

function invalid(message: string): ProtocolFault {
  return new ProtocolFault(errorCodes.invalidRequest, message);
}
