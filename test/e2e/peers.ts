import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Environment } from './gateway-process.js';

/** Where a client connects to: a URL with a key, or a program to start. */
export type Destination =
  | { readonly url: string; readonly key: string }
  | { readonly command: string; readonly args: string[]; readonly env?: Environment };

/** One client library in one era. */
export interface Peer {
  readonly name: string;
  connect(destination: Destination): Promise<Connected>;
}

/** A reply exactly as it came over the wire, before the client library reads it. */
export interface WireReply {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export interface Connected {
  listTools(): Promise<WireReply>;
  callTool(name: string, args: Record<string, unknown>): Promise<WireReply>;
  close(): Promise<void>;
}

const info = { name: 'sallyport-e2e', version: '1.0.0' };

export const sdk1: Peer = {
  name: 'SDK 1.x',
  async connect(destination) {
    const transport = legacyTransport(destination);
    const client = new LegacyClient(info);
    await client.connect(transport);
    return connected(client, transport);
  },
};

export const sdk2Legacy: Peer = {
  name: 'SDK 2.x, legacy era',
  connect: (destination) => connectSdk2(destination, 'legacy'),
};

export const sdk2Modern: Peer = {
  name: 'SDK 2.x, pinned to 2026-07-28',
  connect: (destination) => connectSdk2(destination, { pin: '2026-07-28' }),
};

export const sdk2Auto: Peer = {
  name: 'SDK 2.x, finding the era out',
  connect: (destination) => connectSdk2(destination, 'auto'),
};

async function connectSdk2(
  destination: Destination,
  mode: 'legacy' | 'auto' | { pin: string },
): Promise<Connected> {
  const transport =
    'url' in destination
      ? new ModernHttp(new URL(destination.url), { requestInit: { headers: authorization(destination.key) } })
      : new ModernStdio({ ...programOf(destination), stderr: 'ignore' });
  const client = new ModernClient(info, { versionNegotiation: { mode } });
  await client.connect(transport);
  return connected(client, transport);
}

function legacyTransport(destination: Destination): LegacyHttp | LegacyStdio {
  return 'url' in destination
    ? new LegacyHttp(new URL(destination.url), { requestInit: { headers: authorization(destination.key) } })
    : new LegacyStdio({ ...programOf(destination), stderr: 'ignore' });
}

function authorization(key: string): Record<string, string> {
  return { Authorization: `Bearer ${key}` };
}

function programOf(destination: Exclude<Destination, { url: string }>) {
  const { command, args, env } = destination;
  return { command, args, ...(env === undefined ? {} : { env: { ...env } }) };
}

interface AnyClient {
  listTools(): Promise<unknown>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

interface AnyTransport {
  onmessage?: unknown;
}

function connected(client: AnyClient, transport: AnyTransport): Connected {
  const wire = new WireTap(transport);
  return {
    listTools: () => wire.replyTo(() => client.listTools()),
    callTool: (name, args) => wire.replyTo(() => client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

/** Keeps the last reply that a transport delivered; for one request at a time. */
class WireTap {
  #last: WireReply | undefined;

  constructor(transport: AnyTransport) {
    const deliver = transport.onmessage as (message: object, extra?: unknown) => void;
    transport.onmessage = (message: object, extra?: unknown) => {
      if ('result' in message || 'error' in message) this.#last = message as WireReply;
      deliver(message, extra);
    };
  }

  /** What came over the wire for `request`; whether the library liked it or not is not the question. */
  async replyTo(request: () => Promise<unknown>): Promise<WireReply> {
    this.#last = undefined;
    let fault: unknown;
    try {
      await request();
    } catch (cause) {
      fault = cause;
    }
    if (this.#last === undefined) throw fault ?? new Error('there was no reply');
    return this.#last;
  }
}
