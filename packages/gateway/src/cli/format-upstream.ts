import type { ConnectionStatus, UpstreamDetails } from '../model/upstream.js';
import { localTime } from './format-record.js';
import { visibleText } from './visible-text.js';

/** What each cell of `upstreamRows` is. */
export const upstreamHeadings = [
  'UPSTREAM',
  'STATE',
  'ERA',
  'TRANSPORT',
  'TOOLS',
  'WAITING',
  'PID',
  'AGE',
  'MEMORY',
  'LAST CALL',
  'RESTARTS',
  'SESSIONS',
  'WHY',
] as const;

/** One upstream for people: a row for it and the connection that lists, and one for each session. */
export function upstreamRows(upstream: UpstreamDetails, waiting: number, now: number): string[][] {
  const { connections } = upstream;
  const main = connections.find(({ role }) => role === 'main');
  const sessions = connections.filter(({ role }) => role !== 'main');
  const first = [
    upstream.id,
    upstream.asleep === true ? 'asleep' : upstream.state,
    upstream.era ?? '-',
    upstream.transport,
    String(upstream.tools),
    waiting === 0 ? '-' : String(waiting),
    ...lifeCells(main, now, upstream.lastCallAt),
    String(upstream.restarts),
    String(upstream.sessions),
    upstream.reason ?? main?.why ?? '',
  ];
  const rest = sessions.map((session) => [
    '  session',
    ...Array.from({ length: 5 }, () => ''),
    ...lifeCells(session, now, session.lastCallAt),
    '',
    '',
    session.why,
  ]);
  return [first, ...rest].map((cells) => cells.map(visibleText));
}

/** Process, age, memory and last call. */
function lifeCells(
  connection: ConnectionStatus | undefined,
  now: number,
  lastCallAt: number | undefined,
): string[] {
  const { pid, startedAt, memoryBytes } = connection ?? {};
  return [
    pid === undefined ? '-' : String(pid),
    startedAt === undefined ? '-' : spanText(now - startedAt),
    memoryBytes === undefined ? '-' : `${Math.round(memoryBytes / 2 ** 20)} MiB`,
    lastCallAt === undefined ? '-' : localTime(lastCallAt).slice(0, 19),
  ];
}

/** `42s`, `7m`, `3h 20m`, `5d 4h`. */
function spanText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [days, hours, minutes] = [86_400, 3600, 60].map((unit) => Math.floor(seconds / unit));
  if (days) return `${days}d ${(hours ?? 0) % 24}h`;
  if (hours) return `${hours}h ${(minutes ?? 0) % 60}m`;
  return minutes ? `${minutes}m` : `${seconds}s`;
}
