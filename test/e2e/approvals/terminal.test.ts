import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, gatewayMain, root, scratchFolder, until, writeConfig } from '../gateway-process.js';
import type { Loose } from './approval-scene.js';
import { hasPseudoTerminal, PseudoTerminal } from './pseudo-terminal.js';

let folder: { path: string; remove: () => void };
let terminal: PseudoTerminal;
let url = '';

beforeEach(() => {
  folder = scratchFolder();
});

afterEach(() => {
  terminal.kill();
  folder.remove();
});

const upstream = () => {
  const tools = join(folder.path, 'tools.json');
  const properties = { ticker: { type: 'string' }, depth: { type: 'string' } };
  writeFileSync(
    tools,
    JSON.stringify([{ name: 'stock_thesis', inputSchema: { type: 'object', properties } }]),
  );
  const server = join(root, 'test/fixtures/changing-server.mjs');
  return {
    command: process.execPath,
    args: [server, '--tools', tools, '--log', join(folder.path, 'calls.log')],
  };
};

const token = (principal: string, roles: string[]) => ({ principal, tokens: [`env:T_${principal}`], roles });
const environment = { T_agent: 'agent-token', T_ann: 'ann-token' };

function configFile(port: number, approvals: object): string {
  return writeConfig(folder.path, {
    listen: { port },
    dataDir: 'data',
    log: { level: 'error' },
    auth: { tokens: [token('agent', ['agent']), token('ann', ['approver'])] },
    upstreams: { research: upstream() },
    prices: [{ tools: ['stock_thesis'], cost: '0.05' }],
    policy: {
      default: 'allow',
      rules: [
        {
          id: 'costly',
          match: { tools: ['stock_thesis'] },
          effect: 'ask',
          reason: 'High-cost endpoint ($0.05/invocation)',
        },
      ],
    },
    approvals: { waitSeconds: 20, ...approvals },
  });
}

async function start(approvals: object = {}, args: readonly string[] = []): Promise<void> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const file = configFile(port, approvals);
  terminal = PseudoTerminal.sallyport(folder.path, ['start', '--config', file, ...args], environment);
  await terminal.shows('listens on');
  await until('the gateway to be ready', async () => (await fetch(`${url}/readyz`)).status === 200);
}

async function call(args: object): Promise<Loose> {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer agent-token',
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'stock_thesis', arguments: args },
    }),
  });
  const text = await response.text();
  return JSON.parse(text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 6)).result;
}

async function holds(): Promise<Loose[]> {
  const headers = { Authorization: 'Bearer ann-token' };
  return ((await (await fetch(`${url}/v1/approvals`, { headers })).json()) as Loose).approvals;
}

const answerElsewhere = async (verdict: 'approve' | 'deny', index = 0) =>
  fetch(`${url}/v1/approvals/${(await holds())[index].id}/${verdict}`, {
    method: 'POST',
    headers: { Authorization: 'Bearer ann-token', 'Content-Type': 'application/json' },
    body: '{}',
  });

const nvda = { ticker: 'NVDA', depth: 'full' };
const asks = 'then Enter.\r\n> ';
const codeOf = (result: Loose) => result._meta['io.github.sallyport/refusal'].code;
const wordIn = (text: string) => /Type a ([a-z]{4}) to approve/.exec(text)?.[1] ?? '';

describe.skipIf(!hasPseudoTerminal)('at the terminal of the gateway', () => {
  it('a person sees the call and approves it, and it goes on', async () => {
    await start();
    const reply = call(nvda);
    const shown = await terminal.shows(asks);
    expect(shown).toContain('[A]pprove / [D]eny: stock_thesis\r\n');
    expect(shown).toContain('  Caller: agent\r\n');
    expect(shown).toContain('  Reason: High-cost endpoint ($0.05/invocation)\r\n');
    expect(shown).toContain('  Cost: 0.05\r\n');
    expect(shown).toMatch(
      /Args \(from the agent, not verified\):\r\n {2}depth: "full"\r\n {2}ticker: "NVDA"\r\n/,
    );
    terminal.type('a\r');
    expect((await reply).content[0].text).toBe('stock_thesis ran');
    await terminal.shows('-- Approved: the call runs once, as it was shown.');
    const [{ votes }] = await holds();
    expect(votes).toEqual([
      expect.objectContaining({ channel: 'terminal', by: expect.stringMatching(/^cli:/) }),
    ]);
  });

  it.each([
    ['d and a reason', 'd too expensive\r'],
    ['nothing', '\r'],
    ['the end of input', '\u0004'],
  ])('%s denies it', async (_what, typed) => {
    await start();
    const reply = call(nvda);
    await terminal.shows(asks);
    terminal.type(typed);
    expect(codeOf(await reply)).toBe('approval_denied');
    await terminal.shows('-- Denied: the call is refused.');
  });

  it('a call that nobody answers in time is refused, and not asked about any more', async () => {
    await start({ mode: 'wait', waitSeconds: 1 });
    const reply = call(nvda);
    await terminal.shows(asks);
    expect(codeOf(await reply)).toBe('approval_expired');
    await terminal.shows('-- Not asked any more: cancelled.');
    terminal.type('a\r');
    expect((await holds())[0].state).toBe('cancelled');
  });

  it('an answer that is given elsewhere closes the question and says by whom', async () => {
    await start();
    const reply = call(nvda);
    await terminal.shows(asks);
    terminal.type('a');
    await answerElsewhere('deny');
    await terminal.shows('-- Not asked any more: denied by ann over rest.');
    expect(codeOf(await reply)).toBe('approval_denied');
  });

  it('of several calls one is asked about at a time, and the next only takes an answer that names it', async () => {
    await start();
    const first = call({ ticker: 'AAPL' });
    await terminal.shows(asks);
    const second = call({ ticker: 'MSFT' });
    await until('two holds', async () => (await holds()).length === 2);
    // The answer is on its way when the question changes.
    await answerElsewhere('deny', 1);
    const closed = await terminal.shows('denied by ann over rest.');
    terminal.type('a\r');
    const asked = await terminal.shows('"MSFT"', closed.length);
    const word = wordIn(await terminal.shows(asks, closed.length));
    expect(word).toMatch(/^[a-z]{4}$/);
    expect(asked).not.toContain('AAPL');
    terminal.type('a\r');
    await terminal.shows(`To approve this call, type a ${word}`);
    terminal.type(`a ${word}\r`);
    expect(codeOf(await first)).toBe('approval_denied');
    expect((await second).content[0].text).toBe('stock_thesis ran');
  });

  it('what was typed before the question is not its answer', async () => {
    await start();
    terminal.type('a\ra\ra');
    const reply = call(nvda);
    const shown = await terminal.shows(asks);
    // What is no answer is asked again, in the order in which it was typed.
    terminal.type('what\r');
    await terminal.shows('Type a, d or s.', shown.length);
    expect((await holds())[0].state).toBe('pending');
    terminal.type('d\r');
    expect(codeOf(await reply)).toBe('approval_denied');
  });

  it('nothing that an agent writes reaches the terminal but as text, and then an approval needs its own word', async () => {
    await start();
    const ticker =
      '\u001b[8mX\u001b]52;c;cm0=\u0007\u009b2J\b\u202e\u2028\u200b\r\n[A]pprove / [D]eny: harmless' +
      ' '.repeat(120) +
      'Args: {}';
    const reply = call({ ticker });
    const shown = await terminal.shows(asks);
    expect(shown).toContain('\\x1b[8mX\\x1b]52;c;cm0=\\x07\\x9b2J\\b\\u{202e}\\u{2028}\\u{200b}\\r\\n');
    const foreign = shown.slice(shown.indexOf('-- A call waits'));
    expect(foreign.replaceAll('\r\n', '\n')).not.toMatch(/[^\n -~]/);
    expect(foreign.match(/^(?:Args|\[A\])/gm)).toHaveLength(2);
    const word = wordIn(shown);
    terminal.type('approve\r');
    await terminal.shows('To approve this call, type');
    terminal.type(`a ${word}\r`);
    expect((await reply).content[0].text).toBe('stock_thesis ran');
  });

  it('a long value is approved only after it was shown whole', async () => {
    await start();
    const reply = call({ ticker: `start${' '.repeat(2000)}AND PAY acct-666` });
    const shown = await terminal.shows(asks);
    expect(shown).toMatch(/\r\n {4}# truncated, \d+ bytes hidden\r\n/);
    terminal.type('a\r');
    await terminal.shows('type s first');
    terminal.type('s\r');
    const word = wordIn(await terminal.shows(asks, shown.length));
    terminal.type(`a ${word}\r`);
    expect((await reply).content[0].text).toBe('stock_thesis ran');
  });

  it('an approval that needs a note asks for it', async () => {
    await start({ noteRequired: true });
    const reply = call(nvda);
    await terminal.shows(asks);
    terminal.type('a\r');
    await terminal.shows('Why (for the record): ');
    terminal.type('ticket 7x\u007f\r');
    await reply;
    expect((await holds())[0].votes[0].note).toBe('ticket 7');
  });

  it('Ctrl-C stops the gateway in order, and the call still waits', async () => {
    await start();
    const reply = call(nvda);
    await terminal.shows(asks);
    terminal.type('\u0003');
    expect(await terminal.ended()).toBe(130);
    expect((await reply)._meta['io.github.sallyport/hold'].executed).toBe(false);
    expect(terminal.text).toContain('Stopping on SIGINT');
    await start({}, ['--no-prompt']);
    expect((await holds())[0].state).toBe('pending');
  });

  it('nobody is asked with --no-prompt, nor where the configuration lists other channels only', async () => {
    await start({ mode: 'hold' }, ['--no-prompt']);
    await call(nvda);
    await answerElsewhere('approve');
    expect((await call(nvda)).content[0].text).toBe('stock_thesis ran');
    expect(terminal.text).not.toContain('[A]pprove');
  });

  it('a client over pipes is answered on stdout, and the person at its terminal is asked where that is configured', async () => {
    const out = join(folder.path, 'stdout.jsonl');
    const client = join(root, 'test/fixtures/stdio-client.mjs');
    const file = configFile(0, { channels: [{ kind: 'terminal' }] });
    terminal = new PseudoTerminal([client, gatewayMain, file, out], folder.path, environment);
    const shown = await terminal.shows(asks);
    expect(shown).toContain('  Caller: local\r\n');
    terminal.type('a\r');
    await terminal.ended();
    const lines = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Loose);
    expect(lines.filter(({ jsonrpc }) => jsonrpc !== '2.0')).toEqual([]);
    expect(lines.find(({ id }) => id === 2).result.content[0].text).toBe('stock_thesis ran');
  });

  it('a client that is itself at the terminal is not asked about its own calls', async () => {
    const file = configFile(0, { channels: [{ kind: 'terminal' }], waitSeconds: 1 });
    terminal = PseudoTerminal.sallyport(folder.path, ['stdio', '--config', file], environment);
    const say = (message: object) => terminal.type(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'person', version: '1' };
    say({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
    });
    await terminal.shows('"serverInfo"');
    say({ method: 'notifications/initialized' });
    say({ id: 2, method: 'tools/call', params: { name: 'stock_thesis', arguments: nvda } });
    await terminal.shows('Not executed');
    expect(terminal.text).not.toContain('[A]pprove');
    expect(existsSync(join(folder.path, 'data'))).toBe(true);
  });

  it('approvals watch asks at a terminal of its own about what waits in the store, and ends with Ctrl-C', async () => {
    await start({}, ['--no-prompt']);
    const reply = call(nvda);
    const watch = PseudoTerminal.sallyport(folder.path, ['approvals', 'watch', '--data-dir', 'data']);
    try {
      expect(await watch.shows(asks)).toContain('[A]pprove / [D]eny: stock_thesis\r\n');
      watch.type('a fine\r');
      expect((await reply).content[0].text).toBe('stock_thesis ran');
      await watch.shows('-- Approved: the call runs once, as it was shown.');
      const [{ votes }] = await holds();
      expect(votes).toEqual([expect.objectContaining({ channel: 'cli', note: 'fine' })]);
      watch.type('\u0003');
      expect(await watch.ended()).toBe(130);
    } finally {
      watch.kill();
    }
  });
});
