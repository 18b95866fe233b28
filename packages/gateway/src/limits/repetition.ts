import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/json/canonical-json.js';
import type { LimitSubject } from './limit-scope.js';

/** Equal for calls of the same target with the same arguments, however these are written. */
export function repetitionOf({ upstream, target, args }: LimitSubject): string {
  const text = `${JSON.stringify([upstream, target]).toWellFormed()}${canonicalJson(args)}`;
  return createHash('sha256').update(text).digest('base64url');
}
