import type { IncomingMessage } from 'node:http';

export interface BodyListener {
  complete(body: Buffer): void;
  refused(status: 400 | 413, message: string): void;
}

/** Collects a body of at most `limit` bytes. A client that goes away before the end is heard of no more. */
export function readBody(request: IncomingMessage, limit: number, listener: BodyListener): void {
  const tooLong = `The body is longer than ${limit} bytes`;
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    listener.refused(413, tooLong);
    return;
  }
  let chunks: Buffer[] | undefined;
  let length = 0;
  let refused = false;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) {
      if (chunks === undefined) chunks = [chunk];
      else chunks.push(chunk);
      return;
    }
    chunks = undefined;
    if (!refused) listener.refused(413, tooLong);
    refused = true;
  });
  request.on('end', () => {
    if (refused) return;
    if (request.rawTrailers.length > 0) {
      listener.refused(400, 'Trailers are not accepted');
      return;
    }
    listener.complete(joined(chunks));
  });
}

/** Without a copy for the usual body, which comes in one piece. */
function joined(chunks: readonly Buffer[] = []): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

/** `application/json`, with no other parameter than `charset=utf-8`. */
export function isJsonContentType(value: string | undefined): boolean {
  if (value === 'application/json') return true;
  return value !== undefined && /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8"))?$/i.test(value);
}
