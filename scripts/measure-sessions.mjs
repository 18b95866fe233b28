// node scripts/measure-sessions.mjs [--sessions 100]
// Opens that many sessions at once, each with a stdio server of its own, has each of them call, then drops every
// connection without a word. Measures what is left: children and memory. Fails when any child survives or when more
// than a tenth of the memory is not given back.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startMeasured } from './measured-gateway.mjs';

const server = fileURLToPath(new URL('../test/fixtures/waiting-server.mjs', import.meta.url));
const { values } = parseArgs({ options: { sessions: { type: 'string', default: '100' } } });
const count = Number(values.sessions);
const idleSeconds = 5;
/** How long the calls take that nobody hears the end of: a legacy client that is gone has not cancelled them. */
const callMs = 25_000;
const patienceMs = 120_000;

const gateway = await startMeasured({
  listen: { port: 0 },
  auth: { mode: 'none' },
  upstreams: {
    child: {
      command: process.execPath,
      args: [server],
      sessions: 'client',
      maxSessions: count,
      maxSessionsPerPrincipal: count,
      idleSeconds,
      stopWhenIdle: true,
    },
  },
  policy: { default: 'allow' },
});

try {
  // The first wave brings in what is loaded once and stays, as code that is compiled when it is first run.
  await wave();
  const before = await gateway.memory();
  const during = await wave();
  const after = await gateway.memory();
  const survivors = gateway.children().length;
  const grown = after.heldBytes / before.heldBytes - 1;
  say(`sessions at once: ${count}, children at once: ${during.children}`);
  say(`held memory: ${mib(before)} MiB before, ${mib(during.memory)} MiB meanwhile, ${mib(after)} MiB after`);
  say(`             ${(grown * 100).toFixed(1)} % more than before (at most 10 %)`);
  say(`resident:    ${rss(before)} MiB before, ${rss(during.memory)} MiB meanwhile, ${rss(after)} MiB after`);
  say(`children left: ${survivors} (none)`);
  process.exitCode = survivors === 0 && grown <= 0.1 ? 0 : 1;
} finally {
  await gateway.stop();
}

/** All sessions at once, each with a call under way, then gone. */
async function wave() {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const clients = await Promise.all(Array.from({ length: count }, () => openSession(agent)));
  await Promise.all(clients.map((client, index) => client.call({ id: `call ${index}`, ms: 0 })));
  for (const client of clients) client.call({ id: 'never heard', ms: callMs }).catch(() => {});
  await until(() => gateway.children().length >= count);
  const seen = { children: gateway.children().length, memory: await gateway.memory() };
  agent.destroy();
  await until(() => gateway.children().length === 0);
  return seen;
}

/** Waits for what may take its time, and gives up without a word: what comes of it is measured. */
async function until(holds) {
  for (const started = Date.now(); !holds() && Date.now() - started < patienceMs; await sleep(200));
}

async function openSession(agent) {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'measure', version: '1.0.0' },
  };
  const opened = await post(agent, { id: 0, method: 'initialize', params });
  const session = opened.headers['mcp-session-id'];
  await post(agent, { method: 'notifications/initialized' }, session);
  return {
    async call(args) {
      const params = { name: 'wait', arguments: args };
      const { body } = await post(agent, { id: 1, method: 'tools/call', params }, session);
      if (!body.includes(args.id)) throw new Error(`a call was answered with ${body}`);
    },
  };
}

function post(agent, message, session) {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-11-25',
      ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
    };
    const sent = request(`${gateway.url}/mcp`, { agent, method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ headers: response.headers, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }));
  });
}

function mib({ heldBytes }) {
  return (heldBytes / 1_048_576).toFixed(1);
}

function rss(memory) {
  return Math.round(memory.rss / 1_048_576);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
