/**
 * Texts by which data can be recognised when it comes back in another call: identifiers, hashes, tokens, paths, e-mail
 * addresses, long numbers. Each pattern takes linear time.
 */
const kinds: readonly RegExp[] = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
  /(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])/gi,
  /(?<![\w-])[\w-]{20,}(?![\w-])/g,
  /(?:\/[\w.@+-]+){2,}/g,
  /[A-Za-z]:\\[^\s"'<>|:*?]+/g,
  /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g,
  /(?<![\w-])\d{9,19}(?![\w-])/g,
];

/** Longer matches are no handles but documents; their beginning would recognise nothing. */
const longestHandle = 256;

/** Where handles are collected, up to a number; `complete` is false when there were more. */
export interface Handles {
  readonly found: Set<string>;
  complete: boolean;
}

export interface HandleLimits {
  readonly mostHandles: number;
  readonly mostCharacters: number;
}

/** A value of JSON or of CEL; names of members count as well as values. */
export function handlesIn(value: unknown, limits: HandleLimits): Handles {
  const handles: Handles = { found: new Set(), complete: true };
  let left = limits.mostCharacters;
  const pending: unknown[] = [value];
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next === 'bigint' || typeof next === 'number') next = String(next);
    if (typeof next === 'string') {
      if (next.length > left) handles.complete = false;
      collect(next.slice(0, left), handles, limits.mostHandles);
      left -= Math.min(left, next.length);
    } else for (const part of partsOf(next)) pending.push(part);
  }
  return handles;
}

function partsOf(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  return typeof value === 'object' && value !== null ? Object.entries(value).flat() : [];
}

function collect(text: string, handles: Handles, most: number): void {
  for (const kind of kinds) {
    for (const [match] of text.matchAll(kind)) {
      if (match.length > longestHandle) continue;
      if (handles.found.size >= most) {
        handles.complete = false;
        return;
      }
      handles.found.add(match.toLowerCase());
    }
  }
}
