import { compileGlob, GlobFault } from '../../lib/glob.js';
import { describeValue } from './describe-value.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

/** Prices for names that are no globs, or that are never in force. Reads the raw configuration. */
export function checkPrices(raw: unknown): Finding[] {
  const prices = memberAt(raw, 'prices');
  if (!Array.isArray(prices)) return [];
  return prices.flatMap((price: unknown, index) => [
    ...globFindings(price, ['prices', index]),
    ...timeFindings(price, index),
  ]);
}

/** Names of tools in an entry that are no globs. */
export function globFindings(entry: unknown, path: readonly PropertyKey[]): Finding[] {
  const tools = memberAt(entry, 'tools');
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((text: unknown, at): Finding[] => {
    if (typeof text !== 'string' || text === '') return [];
    try {
      compileGlob(text);
      return [];
    } catch (fault) {
      if (!(fault instanceof GlobFault)) throw fault;
      const found = describeValue(text);
      const message = `found ${found}, which ${fault.message}`;
      return [{ path: [...path, 'tools', at], found, expected: 'a glob', message }];
    }
  });
}

function timeFindings(price: unknown, index: number): Finding[] {
  const [from, until] = ['from', 'until'].map((name) => memberAt(price, name));
  if (typeof from !== 'string' || typeof until !== 'string') return [];
  if (!(Date.parse(from) >= Date.parse(until))) return [];
  const expected = `a time after "from" (${from})`;
  const found = describeValue(until);
  return [
    { path: ['prices', index, 'until'], found, expected, message: `found ${found}; expected ${expected}` },
  ];
}
