import { sessionCells, sessionHeadings, sessionLines, textOf } from '../format-session.js';
import { parseCount } from '../parse-count.js';
import { printTable } from '../print-table.js';
import type { SessionOptions } from '../sessions-at.js';
import { print, printJson, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';
import { withSessions } from '../with-sessions.js';

interface ListOptions extends SessionOptions {
  readonly all?: boolean;
  readonly limit: string;
}

const mostListed = 1000;

/** `sessions list`: those that are valid, or all. */
export function listSessions(options: ListOptions): Promise<number> {
  const { all = false, json } = options;
  const limit = parseCount('--limit', options.limit, [1, mostListed]);
  return withSessions(options, async (sessions) => {
    const found = await sessions.list({ all, limit });
    if (json === true) printJson({ sessions: [...found] });
    else printTable(sessionHeadings, found.map(sessionCells), 'There is no such session.');
    return 0;
  });
}

/** `sessions show ID`. */
export function showSession(options: SessionOptions, [id = '']: readonly string[]): Promise<number> {
  return withSessions(options, async (sessions) => {
    const session = await sessions.show(id);
    if (options.json === true) printJson(session);
    else for (const line of sessionLines(session)) print(line);
    return 0;
  });
}

/** `sessions revoke ID`: running gateways refuse the session within five seconds. */
export function revokeSession(options: SessionOptions, [id = '']: readonly string[]): Promise<number> {
  return withSessions(options, async (sessions) => {
    const session = await sessions.revoke(id);
    if (options.json === true) printJson(session);
    say(`Session ${visibleText(textOf(session.id))} is revoked.`);
    return 0;
  });
}
