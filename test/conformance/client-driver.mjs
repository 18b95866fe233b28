// The client that the suite judges: `client-driver.mjs direct|gateway URL`. An SDK client that uses all that the
// suite's server at URL offers; behind `gateway` a gateway of its own stands between, so that the suite judges that.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const gatewayMain = fileURLToPath(new URL('../../packages/gateway/dist/cli/main.js', import.meta.url));
const [mode, url] = process.argv.slice(2);
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');

const gateway = mode === 'gateway' ? await startGateway(url) : undefined;
try {
  await useAll(gateway?.url ?? url);
} finally {
  await gateway?.stop();
}

async function useAll(target) {
  const isModern = revision >= '2026-07-28';
  const client = new Client(
    { name: 'conformance-driver', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
      versionNegotiation: { mode: isModern ? { pin: revision } : 'legacy' },
      ...(isModern ? {} : { supportedProtocolVersions: [revision] }),
    },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
  await client.connect(new StreamableHTTPClientTransport(new URL(target)));
  const { tools = [], resources = [], prompts = [] } = await listAll(client);
  const schema = tools.find((tool) => tool.name === 'json_schema_2020_12_tool')?.inputSchema;
  for (const tool of tools) {
    for (const args of argumentsFor(tool, schema))
      await tried(client.callTool({ name: tool.name, arguments: args }));
  }
  for (const { uri } of resources) await tried(client.readResource({ uri }));
  for (const { name } of prompts) await tried(client.getPrompt({ name }));
  await client.close();
}

async function listAll(client) {
  const capabilities = client.getServerCapabilities() ?? {};
  return {
    ...(await tried(client.listTools())),
    ...(capabilities.resources === undefined ? {} : await tried(client.listResources())),
    ...(capabilities.prompts === undefined ? {} : await tried(client.listPrompts())),
  };
}

/** What the scenario says to send, or what its tools are known to take. */
function argumentsFor(tool, schema) {
  const given = (context.toolCalls ?? []).filter((call) => call.name === tool.name);
  // A null is of no type that these schemas name, so the gateway refuses it; to leave it out means the same.
  if (given.length > 0) return given.map((call) => withoutNulls(call.arguments));
  if (tool.name === 'json_schema_echo') return [{ schema }];
  return [Object.fromEntries((tool.inputSchema.required ?? []).map((name) => [name, sample(tool, name)]))];
}

function sample(tool, name) {
  const samples = { string: 'text', number: 1, integer: 1, boolean: true };
  return samples[tool.inputSchema.properties?.[name]?.type] ?? 'text';
}

function withoutNulls(args) {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

/** What the suite's server makes of a request is for the suite to judge. */
async function tried(request) {
  try {
    return await request;
  } catch (cause) {
    process.stderr.write(`${String(cause)}\n`);
    return {};
  }
}

async function startGateway(upstream) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-driver-'));
  const file = join(folder, 'sallyport.config.yaml');
  const config = {
    listen: { host: '127.0.0.1', port: 0 },
    auth: { mode: 'none' },
    upstreams: { judged: { url: upstream } },
    policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
  };
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [gatewayMain, 'start', '--config', file], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const base = await listening(child);
  await ready(base);
  return { url: `${base}/mcp`, stop };
}

/** The address that the gateway says it listens on. */
async function listening(child) {
  let said = '';
  const hear = (text) => {
    said += text;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  for (;;) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
    if (found !== null) return found[0];
    if (child.exitCode !== null) throw new Error(`the gateway ended: ${said}`);
    await sleep(20);
  }
}

/** Until its upstream is up or given up; a server that never comes up is the scenario's to judge. */
async function ready(base) {
  for (let tries = 0; tries < 250; tries += 1) {
    const response = await fetch(`${base}/readyz`).catch(() => undefined);
    if (response?.status === 200) return;
    await sleep(20);
  }
}
