/** The JSON-RPC and MCP error codes that the face itself sends. */
export const errorCodes = {
  parse: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** Thrown where a message breaks the protocol; becomes a JSON-RPC error, and over HTTP a status. */
export class ProtocolFault extends Error {
  readonly code: number;
  /** HTTP status; other transports ignore it. */
  readonly status: number;
  /** JSON text of the error's `data`. */
  readonly data: string | undefined;
  /** Exact JSON text of the id of the message at fault, where it could be read. */
  readonly id: string | undefined;
  /** The word for it in the trail. */
  readonly reason: string;

  constructor(code: number, message: string, more: FaultDetails = {}) {
    super(message);
    this.name = 'ProtocolFault';
    this.code = code;
    this.status = more.status ?? 400;
    this.data = more.data;
    this.id = more.id;
    this.reason = more.reason ?? 'invalid_message';
  }
}

interface FaultDetails {
  readonly status?: number;
  readonly data?: string;
  readonly id?: string;
  readonly reason?: string;
}

/** Wrong parameters of a method that exists: over HTTP the request as such was fine. */
export function wrongParams(message: string, reason?: string): ProtocolFault {
  const details = reason === undefined ? { status: 200 } : { status: 200, reason };
  return new ProtocolFault(errorCodes.invalidParams, message, details);
}

/** A foreign string for an error message: at most 128 characters of it. */
export function excerpt(foreign: string): string {
  return foreign.length <= 128 ? foreign : `${foreign.slice(0, 128)}…`;
}
