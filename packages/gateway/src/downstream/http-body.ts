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
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) {
      chunks.push(chunk);
      return;
    }
    if (chunks.length > 0) listener.refused(413, tooLong);
    chunks.length = 0;
  });
  request.on('end', () => {
    if (length > limit) return;
    if (request.rawTrailers.length > 0) {
      listener.refused(400, 'Trailers are not accepted');
      return;
    }
    const [first] = chunks;
    listener.complete(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
}

/** `application/json`, with no other parameter than `charset=utf-8`. */
export function isJsonContentType(value: string | undefined): boolean {
  if (value === 'application/json') return true;
  return value !== undefined && /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8"))?$/i.test(value);
}
