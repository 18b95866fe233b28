import { elementsOf } from '../lib/json/members.js';
import { isJsonObject, parseDocument } from '../lib/json/parse-json.js';
import type { Revision } from '../model/call.js';
import type { JsonValue } from '../model/json.js';
import { claimsRevision } from './era.js';
import { idKey, type Message, messageIn, parseStrictly } from './message.js';
import { errorCodes, excerpt, ProtocolFault } from './protocol-fault.js';

/** What one element of a batch is, or why it is no message. */
export type BatchElement = Message | ProtocolFault;

/** The only revision with batches; in it every server must accept them. */
const batchRevision = '2025-03-26' satisfies Revision;
const mostElements = 50;
const openingBracket = 0x5b;
const space = 0x20;

/** Whether the first token is that of an array; control characters that are no space are left to the reader. */
export function beginsBatch(bytes: Uint8Array): boolean {
  let at = 0;
  while ((bytes[at] ?? openingBracket) <= space) at++;
  return bytes[at] === openingBracket;
}

/** Throws for every revision but the one with batches, and where none was agreed. */
export function checkBatchRevision(revision: string | undefined): void {
  if (revision === batchRevision) return;
  const found = revision === undefined ? 'none was agreed' : `this is ${excerpt(revision)}`;
  throw invalid(`Only revision ${batchRevision} has batches, ${found}; send one message at a time`);
}

/**
 * Reads a batch from strict JSON; throws ProtocolFault where it is refused as a whole. What is wrong with one element
 * alone takes that element's place.
 */
export function readBatch(bytes: Uint8Array): BatchElement[] {
  const { text, value } = parseStrictly(bytes);
  if (!Array.isArray(value)) throw invalid('A batch is a JSON array');
  if (value.length === 0) throw invalid('The batch is empty');
  if (value.length > mostElements) throw invalid(`The batch has more than ${mostElements} messages`);
  for (const element of value) checkElement(element);
  const elements = elementsOf(text).map(readElement);
  checkIds(elements, value);
  return elements;
}

/** Whether anything in it is to be answered. */
export function asksSomething(elements: readonly BatchElement[]): boolean {
  return elements.some((element) => !(element instanceof ProtocolFault) && element.kind === 'request');
}

/** Looks at values, so that what is hidden in an unreadable message counts too. */
function checkElement(value: JsonValue): void {
  if (Array.isArray(value)) throw invalid('A batch cannot contain a batch');
  if (!isJsonObject(value)) return;
  if (value.method === 'initialize') throw invalid('"initialize" cannot be part of a batch');
  if (claimsRevision(value.params)) throw invalid('A message that names its own revision comes alone');
}

function readElement(text: string): BatchElement {
  try {
    return messageIn(parseDocument(text));
  } catch (cause) {
    if (cause instanceof ProtocolFault) return cause;
    throw cause;
  }
}

/** No two answers may carry the same id: nobody could tell them apart. */
function checkIds(elements: readonly BatchElement[], values: readonly JsonValue[]): void {
  const seen = new Set<string>();
  for (const [at, element] of elements.entries()) {
    const key = element instanceof ProtocolFault ? keyOf(element, values[at]) : requestKey(element);
    if (key === undefined) continue;
    if (seen.has(key)) throw invalid('Two messages of the batch have the same id');
    seen.add(key);
  }
}

function keyOf({ id }: ProtocolFault, value: JsonValue | undefined): string | undefined {
  return id !== undefined && isJsonObject(value) ? idKey(value.id) : undefined;
}

function requestKey(message: Message): string | undefined {
  return message.kind === 'request' ? message.id.key : undefined;
}

function invalid(message: string): ProtocolFault {
  return new ProtocolFault(errorCodes.invalidRequest, message);
}
