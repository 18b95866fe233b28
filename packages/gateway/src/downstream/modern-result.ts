import type { ServerInfo } from './face-options.js';

/** What modern lists carry: complete, for this caller only, and to be asked for again each time. */
export const modernListing = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } as const;

/** `_meta` of the results that are our own. */
export function serverMeta(serverInfo: ServerInfo): Record<string, unknown> {
  return { 'io.modelcontextprotocol/serverInfo': { name: serverInfo.name, version: serverInfo.version } };
}
