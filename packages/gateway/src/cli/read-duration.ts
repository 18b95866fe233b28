import { CliError } from './cli-error.js';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `30s`, `15m`, `24h`, `90d` or `2w`; `option` names the place for the message. */
export function readDuration(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count) * (unitMs[unit] ?? 0);
  throw new CliError(
    `${option}: found ${JSON.stringify(text)}; expected a duration such as 30s, 15m, 24h, 90d or 2w`,
    2,
  );
}

/** Milliseconds since the epoch of a time, or of a duration before `now`. */
export function readMoment(option: string, text: string, now: number): number {
  if (/^\d+[smhdw]$/.test(text)) return now - readDuration(option, text);
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const expected = 'a time such as 2026-11-20T08:00:00Z or a duration back from now such as 1h';
  throw new CliError(`${option}: found ${JSON.stringify(text)}; expected ${expected}`, 2);
}
