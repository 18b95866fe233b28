import type { Secret } from '../model/secret.js';

/** About 80 bits where each character is of 32 kinds. */
const shortest = 16;
const fewestKinds = 6;
/** Words of values that are printed somewhere; they say nothing that nobody knows. */
const known = /change[-_ ]?me|secret|api|key|token|password|example|default|admin/gi;

/** Keys beside each other. */
const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890'];
const shortestRun = 4;

/** Whether a token can be guessed: too short without words, runs and repetitions that everybody tries, or of too few characters. */
export function isWeak(secret: Secret): boolean {
  const once = secret
    .reveal()
    .replaceAll(known, '')
    .replace(/^(.+?)\1+$/s, '$1');
  const unknown = withoutRuns(once);
  return unknown.length < shortest || new Set(unknown).size < fewestKinds;
}

/** What everybody goes on by themselves (`1234`, `asdf`, `aaaa`) counts as one character. */
function withoutRuns(text: string): string {
  const runs: string[] = [];
  for (const one of text) {
    const last = runs.at(-1);
    if (last !== undefined && goesOn(last.at(-1) ?? '', one)) runs[runs.length - 1] = last + one;
    else runs.push(one);
  }
  return runs.map((run) => (run.length < shortestRun ? run : run.charAt(0))).join('');
}

function goesOn(before: string, next: string): boolean {
  const [from, to] = [before.toLowerCase(), next.toLowerCase()];
  if (Math.abs(from.charCodeAt(0) - to.charCodeAt(0)) <= 1) return true;
  return rows.some((row) => row.includes(from + to) || row.includes(to + from));
}
