import type { ServerResponse } from 'node:http';

/** Ends with the name whose value differs each time. */
const jsonHeaders: readonly string[] = [
  'Content-Type',
  'application/json',
  'Cache-Control',
  'no-store',
  'X-Content-Type-Options',
  'nosniff',
  'Content-Length',
];

/** `X-Accel-Buffering` keeps reverse proxies from holding events back. */
const streamHeaders: readonly string[] = [
  'Content-Type',
  'text/event-stream',
  'Cache-Control',
  'no-cache, no-transform',
  'X-Content-Type-Options',
  'nosniff',
  'X-Accel-Buffering',
  'no',
];

/** Names and values in turn, as `writeHead` takes them. */
export type HeaderList = readonly string[];

const none: HeaderList = [];

/** Sends a JSON text as the whole answer. After some refusals the connection ends. */
export function sendJson(
  response: ServerResponse,
  answer: { readonly status: number; readonly text: string },
  headers: HeaderList = none,
): void {
  if (response.destroyed || response.headersSent) return;
  const { status, text } = answer;
  const list = [...jsonHeaders, String(Buffer.byteLength(text))];
  if (closingStatuses.has(status)) list.push('Connection', 'close');
  if (headers.length > 0) list.push(...headers);
  response.writeHead(status, list);
  // One string: node puts the head before it and writes both at once.
  response.end(text);
}

export function sendEmpty(response: ServerResponse, status: number, headers: HeaderList = none): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, ['Content-Length', '0', ...headers]);
  response.end();
}

export function openStream(response: ServerResponse, headers: HeaderList = none): void {
  response.writeHead(200, [...streamHeaders, ...headers]);
}

/** A JSON-RPC error that belongs to no request, for answers below the level of messages. */
export function errorText(code: number, message: string): string {
  return `{"jsonrpc":"2.0","id":null,"error":{"code":${code},"message":${JSON.stringify(message)}}}`;
}

/** Of the guard and of bodies that are not read: what follows on the connection is not looked at. */
const closingStatuses: ReadonlySet<number> = new Set([400, 403, 413, 417, 431, 505]);
