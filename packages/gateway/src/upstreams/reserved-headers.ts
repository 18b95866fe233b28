/** Headers that belong to the protocol or to HTTP itself and that no configuration may set. */
const reserved: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether no configuration may set a header of this name; the connector leaves such a one out. */
export function isReservedHeader(name: string): boolean {
  const folded = name.toLowerCase();
  return reserved.has(folded) || folded.startsWith('mcp-param-');
}
