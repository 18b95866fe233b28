import type { Revision } from './call.js';

export type Era = 'legacy' | 'modern';

export const modernRevision = '2026-07-28' satisfies Revision;

/** Offered to a legacy client that asks for a revision nobody knows. */
export const latestLegacyRevision = '2025-11-25' satisfies Revision;

/** What a legacy client speaks when it names no revision (2025-06-18 and later require the header). */
export const assumedLegacyRevision = '2025-03-26' satisfies Revision;

export const legacyRevisions: readonly Revision[] = [
  '2024-11-05',
  assumedLegacyRevision,
  '2025-06-18',
  latestLegacyRevision,
];

export function legacyRevisionOf(text: unknown): Revision | undefined {
  return legacyRevisions.find((revision) => revision === text);
}
