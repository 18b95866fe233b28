import { randomToken } from '../lib/ids.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { Refusal } from '../model/refusal.js';
import type { Era } from '../model/revisions.js';
import type { Listed, ListName } from '../pipeline/govern-listing.js';
import { CursorFault, type ListPage, pageOf } from '../upstreams/list-cursor.js';
import { checkParams } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { legacyDefinition } from './legacy-definition.js';
import type { RequestMessage } from './message.js';
import { modernListing, serverMeta } from './modern-result.js';
import { refusedListing } from './outcome-reply.js';
import { wrongParams } from './protocol-fault.js';
import { type Reply, resultReply } from './reply.js';

type Item = Listed[ListName];

/** How a list is written: under which member, and which member of its items is their name. */
interface ListForm {
  readonly member: string;
  readonly naming: 'name' | 'uri' | 'uriTemplate';
}

const forms: Readonly<Record<ListName, ListForm>> = {
  tools: { member: 'tools', naming: 'name' },
  prompts: { member: 'prompts', naming: 'name' },
  resources: { member: 'resources', naming: 'uri' },
  templates: { member: 'resourceTemplates', naming: 'uriTemplate' },
};

const known = new Set(['cursor', '_meta']);

/** Many clients never ask for a second page, so the first one holds whatever a model could use. */
const usualPageSize = 1000;
const cursorKey = Buffer.from(randomToken(32), 'base64url');

const numbers = new WeakMap<readonly Item[], number>();
let lastNumber = 0;

interface Written {
  readonly text: string;
  /** Of the catalogue: another upstream's resource can change how this list refers to its own. */
  readonly revision: number | undefined;
}

/** Result texts by what they were made from: the same array is the same list at the same endpoint (see GovernListing). */
const written: Record<Era, WeakMap<readonly Item[], Written>> = {
  legacy: new WeakMap(),
  modern: new WeakMap(),
};

/** What answers the request for a list: with everything this caller may see. */
export function listMethod(list: ListName) {
  return async (request: RequestMessage, exchange: Exchange, options: FaceOptions): Promise<Reply> => {
    checkParams(request, known);
    const cursor = cursorIn(request);
    const { principal, arrival, endpoint } = exchange;
    try {
      const all: readonly Item[] = await options.governListing({ list, principal, arrival, endpoint });
      const { tenant, id } = principal;
      const scope = { endpoint, tenant, principal: id, kind: list, revision: numberOf(all) };
      const page = pageOf(all, {
        cursor,
        size: options.pageSize?.() ?? usualPageSize,
        key: cursorKey,
        scope,
      });
      return resultReply(writeOnce(page, forms[list], { exchange, options }));
    } catch (cause) {
      if (cause instanceof Refusal) return refusedListing(cause);
      throw cause instanceof CursorFault ? wrongParams(cause.message) : cause;
    }
  };
}

function cursorIn({ params: { cursor } }: RequestMessage): string | undefined {
  if (cursor === undefined || typeof cursor === 'string') return cursor;
  throw wrongParams('"cursor" must be a string');
}

/** Another number for each list that is another, so that a cursor ends with the list that it is of. */
function numberOf(items: readonly Item[]): number {
  const number = numbers.get(items) ?? lastNumber + 1;
  lastNumber = Math.max(lastNumber, number);
  numbers.set(items, number);
  return number;
}

interface Addressed {
  readonly exchange: Pick<Exchange, 'era' | 'endpoint'>;
  readonly options: Pick<FaceOptions, 'serverInfo' | 'rewriteUris' | 'revision'>;
}

function writeOnce({ items, nextCursor }: ListPage<Item>, form: ListForm, to: Addressed): string {
  const kept = written[to.exchange.era];
  const revision = to.options.revision?.();
  let list = kept.get(items);
  if (list === undefined || list.revision !== revision) {
    list = { text: write(items, form, to), revision };
    kept.set(items, list);
  }
  const { text } = list;
  return nextCursor === undefined ? text : `${text.slice(0, -1)},"nextCursor":${JSON.stringify(nextCursor)}}`;
}

function write(items: readonly Item[], { member, naming }: ListForm, { exchange, options }: Addressed) {
  const { era, endpoint } = exchange;
  // At its own endpoint everything keeps the name that its upstream gave it.
  const isOwn = endpoint !== undefined && !endpoint.startsWith('t/');
  const texts = items.map((item) => {
    const text = definitionText(item, { naming, name: isOwn ? item.name : item.exposedName, era });
    return options.rewriteUris?.({ endpoint, upstream: item.upstream }, text) ?? text;
  });
  const list = `[${texts.join(',')}]`;
  if (era === 'legacy') return writeObject([[member, list]]);
  return writeObject([
    [member, list],
    ...Object.entries(modernListing).map(([name, value]) => [name, JSON.stringify(value)] as const),
    ['_meta', JSON.stringify(serverMeta(options.serverInfo))],
  ]);
}

interface Shown {
  readonly naming: ListForm['naming'];
  readonly name: string;
  readonly era: Era;
}

/** The definition as the upstream sent it, under the name by which this caller knows it. */
function definitionText(item: Item, { naming, name, era }: Shown): string {
  const text = ownText(item, era) ?? writeObject([[naming, JSON.stringify(name)]]);
  // It tells how to run the tool as a task of 2025-11-25, which modern clients cannot.
  const hasExecution = era === 'modern' && item.definition?.value.execution !== undefined;
  if (name === item.name && !hasExecution) return text;
  const shownName = JSON.stringify(name);
  return writeObject(
    membersOf(text)
      .filter(([member]) => !hasExecution || member !== 'execution')
      .map(([member, own]) => [member, member === naming ? shownName : own]),
  );
}

function ownText({ kind, definition }: Item, era: Era): string | undefined {
  return kind === 'tool' && era === 'legacy' ? legacyDefinition(definition) : definition?.text;
}
