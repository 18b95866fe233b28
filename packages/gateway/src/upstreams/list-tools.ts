import { elementsOf, membersOf } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonText } from '../model/json.js';
import { UpstreamFailure } from '../model/upstream.js';
import type { Connection, ServerFacts } from './connection.js';
import { importTools, type ToolImport } from './import-tools.js';

const mostPages = 200;
const mostTools = 10_000;
const methodNotFound = -32601;

/** Whom to ask for the list. */
export interface ListSource {
  readonly connection: Connection;
  readonly facts: ServerFacts;
}

export interface ListTerms {
  /** How long each page may take. */
  readonly timeoutMs: number;
  /** Takes known secrets out of the definitions. */
  readonly redact: (text: string) => string;
}

/** Asks for all pages of the upstream's tools. Rejects with UpstreamFailure when any page fails. */
export async function listTools({ connection, facts }: ListSource, terms: ListTerms): Promise<ToolImport> {
  const { timeoutMs, redact } = terms;
  const pages: JsonText[] = [];
  const seen = new Set<string>();
  let count = 0;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const members = cursor === undefined ? '' : `"cursor":${JSON.stringify(cursor)}`;
    const reply = await connection.request({ method: 'tools/list', members, timeoutMs });
    if (reply.kind === 'error') {
      if (reply.error.code === methodNotFound && !facts.hasTools) return { tools: [], rejected: [] };
      throw new UpstreamFailure('malformed', `tools/list failed: ${reply.error.message}`, true);
    }
    const { tools, nextCursor } = readPage(reply.result);
    pages.push(tools);
    count += (tools.value as unknown[]).length;
    if (count > mostTools) throw tooMany(`more than ${mostTools} tools`);
    if (nextCursor === undefined) return importTools(pages, redact);
    if (seen.has(nextCursor)) throw tooMany('the same cursor twice');
    seen.add(nextCursor);
    cursor = nextCursor;
  }
  throw tooMany(`more than ${mostPages} pages`);
}

function readPage(result: JsonText): { tools: JsonText; nextCursor: string | undefined } {
  const value = isJsonObject(result.value) ? result.value : {};
  const text = membersOf(result.text).find(([name]) => name === 'tools')?.[1];
  const tools = value.tools;
  if (
    text === undefined ||
    tools === undefined ||
    !Array.isArray(tools) ||
    elementsOf(text).length !== tools.length
  ) {
    throw new UpstreamFailure('malformed', 'tools/list answered without an array of tools', true);
  }
  const next = value.nextCursor;
  return { tools: { text, value: tools }, nextCursor: typeof next === 'string' ? next : undefined };
}

function tooMany(what: string): UpstreamFailure {
  return new UpstreamFailure('malformed', `tools/list answered with ${what}`, true);
}
