import { membersOf, writeObject } from '../lib/json/members.js';
import { Refusal } from '../model/refusal.js';
import type { Era } from '../model/revisions.js';
import type { Tool } from '../model/tool.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions, ServerInfo } from './face-options.js';
import type { RequestMessage } from './message.js';
import { modernListing, serverMeta } from './modern-result.js';
import { refusedListing } from './outcome-reply.js';
import { wrongParams } from './protocol-fault.js';
import { type Reply, resultReply } from './reply.js';

/** Result texts by what they were made from: the same array is the same list at the same endpoint (see GovernListing). */
const written: Record<Era, WeakMap<readonly Tool[], string>> = {
  legacy: new WeakMap(),
  modern: new WeakMap(),
};

/** One page with everything this caller may see. */
export async function listTools(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  // There is one page only, so no cursor was ever handed out.
  if (request.params.cursor !== undefined) throw wrongParams('Unknown cursor');
  const { principal, arrival, endpoint } = exchange;
  const listing = { principal, arrival, ...(endpoint === undefined ? {} : { endpoint }) };
  try {
    return resultReply(writeOnce(await options.governListing(listing), exchange, options.serverInfo));
  } catch (cause) {
    if (cause instanceof Refusal) return refusedListing(cause);
    throw cause;
  }
}

type Addressed = Pick<Exchange, 'era' | 'endpoint'>;

function writeOnce(tools: readonly Tool[], to: Addressed, serverInfo: ServerInfo): string {
  let text = written[to.era].get(tools);
  if (text === undefined) {
    text = write(tools, to, serverInfo);
    written[to.era].set(tools, text);
  }
  return text;
}

function write(tools: readonly Tool[], { era, endpoint }: Addressed, serverInfo: ServerInfo): string {
  // At its own endpoint an upstream's tools keep the names it gave them.
  const texts = tools.map((tool) => (endpoint === undefined ? exposedText(tool) : tool.definition.text));
  const list = `[${texts.join(',')}]`;
  if (era === 'legacy') return writeObject([['tools', list]]);
  return writeObject([
    ['tools', list],
    ...Object.entries(modernListing).map(([name, value]) => [name, JSON.stringify(value)] as const),
    ['_meta', JSON.stringify(serverMeta(serverInfo))],
  ]);
}

/** The definition as the upstream sent it, under the exposed name. */
function exposedText(tool: Tool): string {
  if (tool.exposedName === tool.name) return tool.definition.text;
  const exposedName = JSON.stringify(tool.exposedName);
  return writeObject(
    membersOf(tool.definition.text).map(([name, text]) => [name, name === 'name' ? exposedName : text]),
  );
}
