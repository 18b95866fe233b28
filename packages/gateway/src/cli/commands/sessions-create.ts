import { CliError } from '../cli-error.js';
import { textOf } from '../format-session.js';
import { readDuration } from '../read-duration.js';
import { readLabels } from '../read-labels.js';
import type { SessionOptions } from '../sessions-at.js';
import { print, printJson, say } from '../terminal.js';
import { withSessions } from '../with-sessions.js';

interface CreateOptions extends SessionOptions {
  readonly agent: string;
  readonly key?: string;
  readonly scopes: string;
  readonly ttl: string;
  readonly budget?: string;
  readonly parent?: string;
  readonly label: readonly string[];
}

/** `sessions create`: the token goes to stdout and nowhere else. */
export async function createSession(options: CreateOptions): Promise<number> {
  const { agent, key, parent, budget } = options;
  const wish = {
    agent,
    scopes: options.scopes.split(',').map((word) => word.trim()),
    ttlSeconds: options.ttl === '0' ? 0 : wholeSeconds(options.ttl),
    labels: readLabels(options.label),
    ...(budget === undefined ? {} : { budget }),
  };
  const made = await withSessions(options, (sessions) => sessions.create(wish, { key, parent }));
  if (options.json === true) printJson(made);
  else print(textOf(made.session_id));
  say(`This is the token of session ${textOf(made.id)}. Keep it now: it is not shown again.`);
  return 0;
}

function wholeSeconds(text: string): number {
  const ms = readDuration('--ttl', text);
  if (ms <= 30 * 86_400_000) return ms / 1000;
  throw new CliError(`--ttl: found ${JSON.stringify(text)}; expected at most 30d`, 2);
}
