import { connect, type Socket } from 'node:net';

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What came back over one connection. */
export interface Exchange {
  readonly responses: readonly HttpResponse[];
  /** Whether the other side ended the connection. */
  readonly closed: boolean;
  /** Everything received, byte by byte. */
  readonly text: string;
  /** From the first byte sent to the last that was waited for. */
  readonly ms: number;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Our own address, so that counters by source begin afresh. */
  readonly localAddress?: string;
}

/** Sends bytes as they are and takes the first whole response (or the end of the connection, or of the time). */
export function exchangeOnce(endpoint: Endpoint, bytes: Buffer, timeoutMs = 20_000): Promise<Exchange> {
  return exchange(endpoint, bytes, { timeoutMs, quietMs: 0 });
}

/** Likewise, unless `signal` closes the connection first. */
export function exchangeUnless(signal: AbortSignal, endpoint: Endpoint, bytes: Buffer): Promise<Exchange> {
  return exchange(endpoint, bytes, { timeoutMs: 20_000, quietMs: 0, signal });
}

/** Sends bytes as they are and takes every response until the connection ends or stays quiet after one. */
export function exchangeAll(endpoint: Endpoint, bytes: Buffer): Promise<Exchange> {
  return exchange(endpoint, bytes, { timeoutMs: 3_000, quietMs: 250 });
}

interface Patience {
  readonly timeoutMs: number;
  /** How long to wait for more after a whole response. */
  readonly quietMs: number;
  readonly signal?: AbortSignal;
}

function exchange(
  endpoint: Endpoint,
  bytes: Buffer,
  { timeoutMs, quietMs, signal }: Patience,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const begun = performance.now();
    const socket: Socket = connect(endpoint);
    let quiet: NodeJS.Timeout | undefined;
    const finish = (closed: boolean) => {
      clearTimeout(limit);
      clearTimeout(quiet);
      signal?.removeEventListener('abort', leave);
      socket.destroy();
      const received = Buffer.concat(chunks);
      resolve({
        responses: readResponses(received, closed),
        closed,
        text: received.toString('latin1'),
        ms: performance.now() - begun,
      });
    };
    const leave = () => finish(false);
    signal?.addEventListener('abort', leave);
    const limit = setTimeout(() => finish(false), timeoutMs);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(quiet);
      if (readResponses(Buffer.concat(chunks), false).length === 0) return;
      if (quietMs === 0) finish(false);
      else quiet = setTimeout(() => finish(false), quietMs);
    });
    socket.on('end', () => finish(true));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish(true);
      else reject(error);
    });
  });
}

/** All whole final responses at the start of `bytes`; `closed` says that no more will come. */
function readResponses(bytes: Buffer, closed: boolean): HttpResponse[] {
  const responses: HttpResponse[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return responses;
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) return responses;
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const framed = readBody(rest.subarray(end + 4), { status, headers, closed });
    if (framed === undefined) return responses;
    if (status >= 200) responses.push({ status, headers, body: framed.body.toString('utf8') });
    rest = framed.rest;
  }
}

interface Head {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly closed: boolean;
}

function readBody(
  bytes: Buffer,
  { status, headers, closed }: Head,
): { body: Buffer; rest: Buffer } | undefined {
  const length = headerOf(headers, 'content-length');
  if (status < 200 || status === 204 || status === 304) return { body: Buffer.alloc(0), rest: bytes };
  if (headerOf(headers, 'transfer-encoding')?.toLowerCase() === 'chunked') return readChunks(bytes);
  if (length === undefined) return closed ? { body: bytes, rest: Buffer.alloc(0) } : undefined;
  const size = Number(length);
  return bytes.length < size ? undefined : { body: bytes.subarray(0, size), rest: bytes.subarray(size) };
}

function readChunks(bytes: Buffer): { body: Buffer; rest: Buffer } | undefined {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), rest: bytes.subarray(start + 2) };
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}

/** The value of a header, whatever its letter case. */
export function headerOf(headers: HttpResponse['headers'], name: string): string | undefined {
  return headers.find(([found]) => found.toLowerCase() === name.toLowerCase())?.[1];
}

/** The final JSON-RPC message of a response, from its JSON or the last event of its stream; undefined without one. */
export function messageOf(response: HttpResponse): Record<string, unknown> | undefined {
  return finalMessagesOf(response).at(-1);
}

/** Every result and every error in a response, of which there should be one. */
export function finalMessagesOf(response: HttpResponse): Record<string, unknown>[] {
  const isStream = headerOf(response.headers, 'content-type')?.startsWith('text/event-stream') === true;
  const texts = isStream ? response.body.split(/\r?\n\r?\n/).map(dataOf) : [response.body];
  return texts.map(parseOrUndefined).filter(isFinal);
}

function isFinal(message: unknown): message is Record<string, unknown> {
  return typeof message === 'object' && message !== null && ('result' in message || 'error' in message);
}

function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice(5).replace(/^ /, '')).join('\n');
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
