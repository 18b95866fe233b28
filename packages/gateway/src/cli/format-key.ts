import type { KeySummary } from '../identity/key-ring.js';
import { isoTime } from '../lib/clock.js';
import type { JsonObject } from '../model/json.js';
import { localTime } from './format-record.js';
import { visibleText } from './visible-text.js';

/** What each cell of `keyCells` is. */
export const keyHeadings = [
  'ID',
  'PRINCIPAL',
  'ROLES',
  'SCOPES',
  'STATE',
  'CREATED',
  'EXPIRES',
  'LAST USED',
  'LABELS',
] as const;

/** One key for people. */
export function keyCells(key: KeySummary): string[] {
  const labels = Object.entries(key.labels).map(([name, value]) => `${name}=${value}`);
  return [
    key.id,
    key.principal,
    key.roles.join(','),
    key.grants?.join(',') ?? '*',
    key.state,
    timeCell(key.createdAt),
    timeCell(key.expiresAt),
    timeCell(key.lastUsedAt),
    labels.join(' '),
  ].map(visibleText);
}

/** One key for programs; `text` is the key itself, only when it was made a moment ago. */
export function keyJson(key: KeySummary, text?: string): JsonObject {
  const { createdAt, expiresAt, revokedAt, lastUsedAt, rotatedFrom } = key;
  return {
    id: key.id,
    ...(text === undefined ? {} : { key: text }),
    principal: key.principal,
    tenant: key.tenant,
    roles: [...key.roles],
    ...(key.grants === undefined ? {} : { scopes: [...key.grants] }),
    labels: { ...key.labels },
    state: key.state,
    createdAt: isoTime(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: isoTime(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: isoTime(revokedAt) }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: isoTime(lastUsedAt) }),
    ...(rotatedFrom === undefined ? {} : { rotatedFrom }),
  };
}

function timeCell(ms: number | undefined): string {
  return ms === undefined ? '-' : localTime(ms).slice(0, 16);
}
