/** What a path of the MCP face means. */
export type Place =
  | { readonly face: 'mcp' | 'sse'; readonly endpoint: string | undefined }
  /** Where clients of HTTP+SSE send messages; the session comes in the query. */
  | { readonly face: 'messages'; readonly endpoint: undefined };

const all: Place = { face: 'mcp', endpoint: undefined };
const messages: Place = { face: 'messages', endpoint: undefined };
const path = /^\/(mcp|sse)(?:\/((?:t\/)?[A-Za-z0-9._-]{1,64}))?(?:\?|$)/;

/** `/mcp`, `/mcp/{upstream}`, `/mcp/t/{toolset}`, the same below `/sse`, and `/messages`; undefined for anything else. */
export function placeOf(target: string): Place | undefined {
  if (target === '/mcp') return all;
  if (target === '/messages' || target.startsWith('/messages?')) return messages;
  const [, face, endpoint] = path.exec(target) ?? [];
  return face === undefined ? undefined : { face: face === 'sse' ? 'sse' : 'mcp', endpoint };
}

/** Whether the path is the MCP face's to answer, be it with 404. */
export function isMcpPath(target: string): boolean {
  return target === '/mcp' || /^\/(?:mcp|sse|messages)(?:[/?]|$)/.test(target);
}
