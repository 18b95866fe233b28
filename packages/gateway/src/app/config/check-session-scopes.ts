import { globFindings } from './check-prices.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

/** Entries for names that are no globs. Reads the raw configuration. */
export function checkSessionScopes(raw: unknown): Finding[] {
  const entries = memberAt(raw, 'sessions', 'scopes');
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => globFindings(entry, ['sessions', 'scopes', index]));
}
