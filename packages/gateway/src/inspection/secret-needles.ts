import { EscapedPattern } from './escaped-pattern.js';

/** One spelling of a secret to look for. */
export interface Needle {
  readonly text: string;
  readonly escaped: EscapedPattern;
  /** A part of `text` that stands in what `undoEscapes` makes of every text that `escaped` matches; may be empty. */
  readonly probe: string;
  /** Whether `text` could stand in JSON outside of any string, as a number or as structure, wholly or in part. */
  readonly structural: boolean;
}

/** Fragments below this length would be found in ordinary text. */
const minFragment = 8;

/** The spellings under which a secret may come back: itself, and inside base64 or base64url at any alignment. */
export function needlesOf(secret: string): Needle[] {
  const bytes = Buffer.from(secret, 'utf8');
  // The second is how forms write it; with anything else to escape, the pattern finds it too.
  const texts = new Set([secret, secret.replaceAll(' ', '+')]);
  for (const offset of [0, 1, 2]) {
    const fragment = base64Fragment(bytes, offset);
    if (fragment.length < minFragment) continue;
    texts.add(fragment);
    texts.add(fragment.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...texts].map((text) => ({
    text,
    escaped: new EscapedPattern(text),
    probe: probeOf(text),
    structural: /^[-+.\d\s,:[\]{}aEeflnrstu]+$|"/.test(text),
  }));
}

/**
 * Outside of these runs spellings differ even when undone. What stands before a run, in the secret or beside it, may
 * be a broken escape that takes up to eight characters which could belong to it.
 */
function probeOf(text: string): string {
  const runs = text.split(/[^\x21-\x7e]|[%\\]/).map((run) => run.replace(/^[\da-fu]{1,8}/i, ''));
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** The base64 characters that depend on these bytes alone when `offset` other bytes stand before them in a group. */
function base64Fragment(bytes: Buffer, offset: number): string {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const start = [0, 2, 3][offset];
  const end = (offset + bytes.length) % 3 === 0 ? padded.length : padded.length - 1;
  return padded.slice(start, end);
}
