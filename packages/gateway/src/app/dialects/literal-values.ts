import type { Draft } from './translation.js';

/** Shorter values stand in too many texts by chance to be taken for that of a variable. */
const leastRecognised = 8;

/**
 * A text as a native value that means it: where it is, or holds, the value of one of these variables, a reference to it;
 * where it would be taken for a reference, one to a variable that keeps it.
 */
export function nativeValue(
  text: string,
  { draft, name, variables }: { draft: Draft; name: string; variables: Readonly<Record<string, string>> },
): string {
  const whole = /^\$\{(env:[A-Za-z_]\w*)\}$/.exec(text)?.[1];
  if (whole !== undefined) return whole;
  const present = Object.entries(variables).filter(([, value]) => value !== '');
  const same = present.find(([, value]) => value === text);
  if (same !== undefined) return `env:${same[0]}`;
  const held = present.find(([, value]) => value.length >= leastRecognised && text.includes(value));
  if (held !== undefined) return text.replaceAll(held[1], `\${env:${held[0]}}`);
  const looksLikeReference = /^(?:env|file):|\$\{(?:env|file):/.test(text);
  const isReference = looksLikeReference && !/^(?:env|file):|\$\{file:/.test(text);
  return looksLikeReference && !isReference ? `env:${draft.keep(name, text)}` : text;
}

/** A name for a variable, from words that people gave. */
export function variableName(...words: readonly string[]): string {
  const name = words
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
  return /^[A-Z]/.test(name) ? name : `_${name}`;
}
