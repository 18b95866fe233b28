import type { UpstreamReply } from '../../model/upstream.js';

export const headerMismatch = -32020;
export const capabilityMissing = -32021;
export const unsupportedVersion = -32022;

/**
 * Errors about this hop, which a caller would take for its own; their text, or `undefined` for the caller's business.
 * A missing capability is that: the server is told the caller's capabilities and no others.
 */
export function hopFault(reply: UpstreamReply): string | undefined {
  if (reply.kind === 'result') return undefined;
  switch (reply.error.code) {
    case unsupportedVersion:
      return 'the upstream no longer speaks the negotiated revision';
    case headerMismatch:
      return 'the upstream refused the headers; its tools may have changed';
    default:
      return undefined;
  }
}

/** What an error about this hop tells about the connection as a whole, if it is one. */
export function consequenceOf(reply: UpstreamReply): 'list_again' | 'negotiate_again' | undefined {
  if (reply.kind === 'result') return undefined;
  if (reply.error.code === headerMismatch) return 'list_again';
  return reply.error.code === unsupportedVersion ? 'negotiate_again' : undefined;
}
