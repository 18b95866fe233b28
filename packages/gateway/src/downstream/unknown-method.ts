import type { Era } from '../model/revisions.js';
import { errorCodes, excerpt, ProtocolFault } from './protocol-fault.js';

/** The "method not found" fault of the era, for what is not offered and for what is hidden from the caller. */
export function unknownMethod(era: Era, name: string): ProtocolFault {
  const status = era === 'modern' ? 404 : 200;
  return new ProtocolFault(errorCodes.unknownMethod, `Unknown method: ${excerpt(name)}`, { status });
}
