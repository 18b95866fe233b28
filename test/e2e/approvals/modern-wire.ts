import type { ApprovalScene, Loose, Person } from './approval-scene.js';

export interface ModernAsker {
  readonly who?: Person;
  readonly capabilities?: object;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export const knowsTasks = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

/** One request of 2026-07-28 as it is on the wire; comes back as the whole response. */
export async function askModern(
  scene: Pick<ApprovalScene, 'url'>,
  method: string,
  params: object,
  asker: ModernAsker = {},
): Promise<Loose> {
  const response = await post(scene, { method, params }, asker);
  const text = await response.text();
  return JSON.parse(text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 6));
}

/** Opens a `subscriptions/listen` and passes on what is said on it, until the signal aborts. */
export async function listenModern(
  scene: Pick<ApprovalScene, 'url'>,
  notifications: object,
  signal: AbortSignal,
  hear: (message: Loose) => void,
): Promise<void> {
  const asked = { method: 'subscriptions/listen', params: { notifications } };
  const { body } = await post(scene, asked, { capabilities: knowsTasks, signal });
  let unread = '';
  try {
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      unread += text;
      const events = unread.split('\n\n');
      unread = events.pop() ?? '';
      for (const event of events) {
        const data = event.split('\n').find((line) => line.startsWith('data: {'));
        if (data !== undefined) hear(JSON.parse(data.slice(6)));
      }
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

function post(
  { url }: Pick<ApprovalScene, 'url'>,
  { method, params }: { readonly method: string; readonly params: object },
  { who = 'agent-a', capabilities = {}, signal, headers }: ModernAsker,
): Promise<Response> {
  const { name, taskId } = params as { name?: string; taskId?: string };
  const target = name ?? taskId;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  return fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${who}-token`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(target === undefined ? {} : { 'Mcp-Name': target }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
    ...(signal === undefined ? {} : { signal }),
  });
}
