import type { JsonValue } from '../../model/json.js';

/**
 * What no honest definition needs and no reader sees: controls and separators, zero-width, filling and direction-changing
 * characters, tags. Joiners count only beside ASCII, since several scripts and emoji are written with them, and selectors
 * of variants only where there is nothing to vary or one follows another, as text is hidden in rows of them.
 */
const hidden = new RegExp(
  [
    String.raw`(?![\t\n\r])\p{Cc}`,
    String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e]`,
    String.raw`[\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}]`,
    String.raw`[\u200c\u200d](?=\p{ASCII})|(?<=\p{ASCII})[\u200c\u200d]`,
    String.raw`[\ufe00-\ufe0f\u{e0100}-\u{e01ef}](?=[\ufe00-\ufe0f\u{e0100}-\u{e01ef}])`,
    String.raw`(?<=^|[\p{Z}A-Za-z\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
  ].join('|'),
  'gu',
);

/** The hidden characters in all texts of a value, each once, as `U+200B`. */
export function hiddenIn(value: JsonValue): string[] {
  const found = new Set<string>();
  for (const text of textsOf(value)) for (const [one] of text.matchAll(hidden)) found.add(one);
  return [...found].map(
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

function textsOf(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)]);
}
