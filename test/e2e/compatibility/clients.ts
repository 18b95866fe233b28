import {
  Client,
  type ClientOptions,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as LegacySse } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

export type Transport = 'stdio' | 'HTTP' | 'HTTP+SSE';

export const revisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof revisions)[number];

/** Where the gateway is, for each transport. */
export interface Doors {
  readonly baseUrl: string;
  /** Sent as a bearer token, where callers must say who they are. */
  readonly token?: string;
  readonly program: { command: string; args: string[]; env: Record<string, string> };
}

/** Who sits at the client. */
export interface Person {
  /** What is answered to a question. */
  answer(question: string): string | Promise<string>;
  /** What the model says to a prompt. */
  complete(prompt: string): string | Promise<string>;
}

/** Repeats the question, so that an answer to another question is noticed. */
const agreeable: Person = {
  answer: (question) => `yes to ${question}`,
  complete: (prompt) => `model on ${prompt}`,
};

/** One kind of client: what it speaks, over what. */
export interface ClientKind {
  readonly transport: Transport;
  readonly revision: Revision;
  readonly library: 'SDK 1.x' | 'SDK 2.x';
  connect(doors: Doors, person?: Person): Promise<CompatibilityClient>;
}

export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
}

export interface CallOptions {
  readonly onprogress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

export interface CompatibilityClient {
  toolNames(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
  close(): Promise<void>;
}

/** Elicitation came with 2025-06-18. */
export function canBeElicited(revision: Revision): boolean {
  return revision >= '2025-06-18';
}

const info = { name: 'compatibility', version: '1.0.0' };
const transports: readonly Transport[] = ['stdio', 'HTTP', 'HTTP+SSE'];

/** Streamable HTTP came with 2025-03-26; 2026-07-28 has no HTTP+SSE. */
function exists(transport: Transport, revision: Revision): boolean {
  if (transport === 'HTTP') return revision >= '2025-03-26';
  return transport === 'stdio' || revision < '2026-07-28';
}

/** Every transport at every revision that knows it. 2025-11-25 is what the SDK 1.x speaks; the SDK 2.x speaks them all. */
export const clientKinds: readonly ClientKind[] = transports.flatMap((transport) =>
  revisions
    .filter((revision) => exists(transport, revision))
    .map((revision) => (revision === '2025-11-25' ? sdk1(transport) : sdk2(transport, revision))),
);

function sdk1(transport: Transport): ClientKind {
  return {
    transport,
    revision: '2025-11-25',
    library: 'SDK 1.x',
    async connect(doors, person = agreeable) {
      const client = new LegacyClient(info, { capabilities: { sampling: {}, elicitation: {} } });
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => answered(person, params.message));
      client.setRequestHandler(CreateMessageRequestSchema, ({ params }) =>
        sampled(person, params.messages[0]),
      );
      await client.connect(legacyTransport(transport, doors));
      return {
        toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
        call: async (name, args, options) =>
          (await client.callTool({ name, arguments: args }, CallToolResultSchema, {
            ...options,
          })) as ToolResult,
        close: () => client.close(),
      };
    },
  };
}

function sdk2(transport: Transport, revision: Revision): ClientKind {
  return {
    transport,
    revision,
    library: 'SDK 2.x',
    async connect(doors, person = agreeable) {
      const client = new Client(info, {
        capabilities: { sampling: {}, ...(canBeElicited(revision) ? { elicitation: {} } : {}) },
        ...speaking(revision),
      });
      if (canBeElicited(revision))
        client.setRequestHandler('elicitation/create', ({ params }) => answered(person, params.message));
      client.setRequestHandler('sampling/createMessage', ({ params }) => sampled(person, params.messages[0]));
      await client.connect(currentTransport(transport, doors));
      return {
        toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
        call: async (name, args, options) =>
          (await client.callTool({ name, arguments: args }, { ...options })) as ToolResult,
        close: () => client.close(),
      };
    },
  };
}

function speaking(revision: Revision): ClientOptions {
  if (revision === '2026-07-28') return { versionNegotiation: { mode: { pin: revision } } };
  return { versionNegotiation: { mode: 'legacy' }, supportedProtocolVersions: [revision] };
}

function legacyTransport(transport: Transport, { baseUrl, program, token }: Doors) {
  if (transport === 'stdio') return new LegacyStdio({ ...program, stderr: 'ignore' });
  if (transport === 'HTTP') return new LegacyHttp(new URL(`${baseUrl}/mcp`), signedWith(token));
  return new LegacySse(new URL(`${baseUrl}/sse`), signedWith(token));
}

function currentTransport(transport: Transport, { baseUrl, program, token }: Doors) {
  if (transport === 'stdio') return new StdioClientTransport({ ...program, stderr: 'ignore' });
  if (transport === 'HTTP')
    return new StreamableHTTPClientTransport(new URL(`${baseUrl}/mcp`), signedWith(token));
  return new SSEClientTransport(new URL(`${baseUrl}/sse`), signedWith(token));
}

function signedWith(token: string | undefined): { requestInit?: RequestInit } {
  return token === undefined ? {} : { requestInit: { headers: { Authorization: `Bearer ${token}` } } };
}

async function answered(person: Person, question: string) {
  return { action: 'accept' as const, content: { answer: await person.answer(question) } };
}

async function sampled(person: Person, message: unknown) {
  const prompt = (message as { content: { text: string } } | undefined)?.content.text ?? '';
  const content = { type: 'text' as const, text: await person.complete(prompt) };
  return { model: 'test-model', role: 'assistant' as const, content };
}
