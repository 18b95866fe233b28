import { compileGlob, GlobFault } from '../../lib/glob.js';
import { addressFindings } from './check-addresses.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

/** Bounds of what is made over REST that bound nothing, as they can mean nothing. */
export function checkApiLayer(raw: unknown): Finding[] {
  const secrets = memberAt(raw, 'apiLayer', 'secrets');
  return [
    ...addressFindings(memberAt(raw, 'apiLayer', 'addresses'), ['apiLayer', 'addresses']),
    ...(Array.isArray(secrets) ? secrets.flatMap(globFindings) : []),
  ];
}

function globFindings(text: unknown, index: number): Finding[] {
  if (typeof text !== 'string' || text === '') return [];
  try {
    compileGlob(text);
    return [];
  } catch (fault) {
    if (!(fault instanceof GlobFault)) throw fault;
    const found = JSON.stringify(text);
    const message = `found ${found}, which ${fault.message}`;
    return [{ path: ['apiLayer', 'secrets', index], found, expected: 'a reference with wildcards', message }];
  }
}
