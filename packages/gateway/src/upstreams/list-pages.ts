import { elementsOf, membersOf } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonText } from '../model/json.js';
import { UpstreamFailure } from '../model/upstream.js';
import type { Connection } from './connection.js';

const mostPages = 200;
const mostItems = 10_000;
/** Of all pages together, in characters. */
const longestList = 8 * 1024 * 1024;
const methodNotFound = -32601;

/** One list, as it is asked for. */
export interface ListQuestion {
  readonly method: string;
  /** The member of the result that holds the items. */
  readonly member: string;
  /** How long each page may take. */
  readonly timeoutMs: number;
}

/**
 * Asks for all pages of a list; nothing where the server knows no such method. Rejects with UpstreamFailure when any
 * page fails, or when the list is larger than any that is of use.
 */
export async function listPages(
  connection: Pick<Connection, 'request'>,
  { method, member, timeoutMs }: ListQuestion,
): Promise<JsonText[] | undefined> {
  const tooMuch = (what: string) => new UpstreamFailure('malformed', `${method} answered with ${what}`, true);
  const pages: JsonText[] = [];
  const seen = new Set<string>();
  let count = 0;
  let length = 0;
  let cursor: string | undefined;
  while (pages.length < mostPages) {
    const members = cursor === undefined ? '' : `"cursor":${JSON.stringify(cursor)}`;
    const reply = await connection.request({ method, members, timeoutMs });
    if (reply.kind === 'error') {
      if (reply.error.code === methodNotFound) return undefined;
      throw new UpstreamFailure('malformed', `${method} failed: ${reply.error.message}`, true);
    }
    const { items, nextCursor } = readPage(reply.result, member);
    if (items === undefined) throw tooMuch(`no array of ${member}`);
    pages.push(items.list);
    count += items.count;
    length += items.list.text.length;
    if (count > mostItems) throw tooMuch(`more than ${mostItems} ${member}`);
    if (length > longestList) throw tooMuch(`more than ${longestList} characters`);
    if (nextCursor === undefined) return pages;
    if (seen.has(nextCursor)) throw tooMuch('the same cursor twice');
    seen.add(nextCursor);
    cursor = nextCursor;
  }
  throw tooMuch(`more than ${mostPages} pages`);
}

interface Page {
  readonly items: { readonly list: JsonText; readonly count: number } | undefined;
  readonly nextCursor: string | undefined;
}

function readPage(result: JsonText, member: string): Page {
  const value = isJsonObject(result.value) ? result.value : {};
  const list = Object.hasOwn(value, member) ? value[member] : undefined;
  const next = value.nextCursor;
  const nextCursor = typeof next === 'string' ? next : undefined;
  const text = membersOf(result.text).find(([name]) => name === member)?.[1];
  if (text === undefined || !Array.isArray(list) || elementsOf(text).length !== list.length) {
    return { items: undefined, nextCursor };
  }
  return { items: { list: { text, value: list }, count: list.length }, nextCursor };
}
