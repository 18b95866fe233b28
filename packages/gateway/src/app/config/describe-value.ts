const longest = 60;

/** A value in few words, for a message; `secret` leaves nothing of its text. */
export function describeValue(value: unknown, secret = false): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value (null)';
  if (Array.isArray(value))
    return value.length === 1 ? 'a list of 1 item' : `a list of ${value.length} items`;
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'function') return 'a function';
  if (secret) return `a ${typeof value === 'string' ? 'text' : typeof value} [masked]`;
  if (typeof value !== 'string') return String(value as number | bigint | boolean);
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}

/** `a, b or c`. */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A path as people write it: `policy.rules[2].id`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    const step = /^[\p{L}\p{N}_-]+$/u.test(name) ? name : JSON.stringify(name);
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
