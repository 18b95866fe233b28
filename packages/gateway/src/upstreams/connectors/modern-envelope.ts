import { membersOf, writeObject } from '../../lib/json/members.js';
import type { Client } from '../../model/client.js';
import { modernRevision } from '../../model/revisions.js';
import { tasksExtension } from '../../model/task.js';

/** The members of `_meta` that every modern request carries. The server is told who asks: the gateway, for this client. */
export class ModernEnvelope {
  readonly #own: string;
  /** For the gateway's own requests, and for clients that can do nothing. */
  readonly #plain: string;

  constructor(version: string) {
    this.#own =
      `"io.modelcontextprotocol/protocolVersion":"${modernRevision}",` +
      `"io.modelcontextprotocol/clientInfo":{"name":"sallyport","version":${JSON.stringify(version)}},` +
      '"io.modelcontextprotocol/clientCapabilities":';
    this.#plain = `${this.#own}{}`;
  }

  membersFor(client: Client | undefined): string {
    if (client === undefined) return this.#plain;
    const { logLevel } = client;
    const capabilities = client.tasks === true ? withTasks(client.capabilities) : client.capabilities;
    const members = capabilities === '{}' ? this.#plain : this.#own + capabilities;
    if (logLevel === undefined) return members;
    return `${members},"io.modelcontextprotocol/logLevel":${JSON.stringify(logLevel)}`;
  }
}

function withTasks(capabilities: string): string {
  const members = membersOf(capabilities);
  const extensions = membersOf(members.find(([name]) => name === 'extensions')?.[1] ?? '{}');
  const others = extensions.filter(([name]) => name !== tasksExtension);
  return writeObject([
    ...members.filter(([name]) => name !== 'extensions'),
    ['extensions', writeObject([...others, [tasksExtension, '{}']])],
  ]);
}
