import { isReservedHeader } from '../../upstreams/reserved-headers.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt, members } from './raw-members.js';

/** Headers that cannot be sent to an upstream, because of their names or of what is written in them. */
export function checkHeaders(raw: unknown): Finding[] {
  return Object.entries(members(memberAt(raw, 'upstreams'))).flatMap(([id, upstream]) =>
    Object.entries(members(memberAt(upstream, 'headers'))).flatMap(([name, text]) => {
      const path = ['upstreams', id, 'headers', name];
      return [...nameFindings(name, path), ...(typeof text === 'string' ? valueFindings(text, path) : [])];
    }),
  );
}

function nameFindings(name: string, path: readonly string[]): Finding[] {
  if (!isReservedHeader(name)) return [];
  const found = JSON.stringify(name);
  const expected = 'a header that is neither of HTTP itself nor of the protocol';
  return [
    {
      path,
      found,
      expected,
      message: `found ${found}, which the gateway writes itself; expected ${expected}`,
    },
  ];
}

/** The characters that RFC 9110 allows in a field value; the value itself may be a secret and is not repeated. */
function valueFindings(text: string, path: readonly string[]): Finding[] {
  const [character] = /[^\t\x20-\x7e\x80-\xff]/u.exec(text) ?? [];
  if (character === undefined) return [];
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const found = `a text with the character ${code}`;
  const expected =
    'one line of characters that a header can carry: ASCII or Latin-1, without control characters';
  return [{ path, found, expected, message: `found ${found}; expected ${expected}` }];
}
