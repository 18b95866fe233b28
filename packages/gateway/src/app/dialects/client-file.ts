import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import type { ConfigFile } from '../config/config-file.js';
import { addClientServer } from './client-server.js';
import { isMapping } from './part.js';
import { Draft, type Translation } from './translation.js';

/** Where clients keep their servers, by name; `servers` as a mapping is that of VS Code. */
const containers = ['mcpServers', 'servers', 'context_servers', 'mcp'];

/** Whether a value is the file in which a client lists its MCP servers, or such a list alone. */
export function isClientFile(value: unknown): boolean {
  if (!isMapping(value) || 'upstreams' in value) return false;
  if (containers.some((name) => isMapping(value[name]))) return true;
  const entries = Object.values(value);
  return (
    entries.length > 0 &&
    entries.every((entry) => isMapping(entry) && (isText(entry.command) || isText(entry.url)))
  );
}

/**
 * The servers of a client as upstreams. Such a file has no policy, so that every call is allowed, as it is without a
 * gateway, and recorded.
 */
export function translateClientFile(
  { value, file }: ConfigFile,
  environment?: Readonly<Record<string, string>>,
): Translation {
  const draft = new Draft('mcpServers');
  const whole = draft.read(value);
  const found = containers.find((name) => isMapping(value) && isMapping(value[name]));
  const container = found === undefined ? whole : whole.at(found);
  const list =
    found === 'mcp' && isMapping(container.at('servers').value) ? container.at('servers') : container;
  draft.config.policy.default = 'allow';
  draft.warn(
    ['policy'],
    'a list of servers has no policy: every call is allowed and recorded; "sallyport config migrate" writes a file that rules can be added to',
  );
  const others = whole.entries().map(([name]) => name);
  const ignored =
    found === undefined
      ? []
      : others.filter((name) => name !== found && name !== 'inputs' && name !== '$schema');
  if (ignored.length > 0)
    draft.warn([], `${ignored.slice(0, 8).join(', ')}: not about MCP servers, and left out`);
  const folder = dirname(file);
  const folders = {
    workspaceFolder: basename(folder).startsWith('.') ? dirname(folder) : folder,
    userHome: homedir(),
  };
  for (const [name, entry] of list.entries()) addClientServer(entry, name, { draft, environment, folders });
  return draft;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
