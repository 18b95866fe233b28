import { expect, it } from 'vitest';
import { connectionDeps, context, stdioSpec } from '../../../../../test/fixtures/upstreams/deps.js';
import { createStdioConnect } from './stdio.js';

/** Answers `initialize`, reads no more, and pings with ids of 64 KiB, a hundred megabytes in all. */
const deaf = `
  process.stdin.once('data', (line) => {
    process.stdin.pause();
    const { id } = JSON.parse(String(line));
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } };
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
    const ping = JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(65536), method: 'ping' }) + '\\n';
    let left = 1600;
    const more = () => {
      while (left-- > 0) if (!process.stdout.write(ping)) { process.stdout.once('drain', more); return; }
      const last = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
      process.stdout.write(JSON.stringify(last) + '\\n');
    };
    setTimeout(more, 50);
    setInterval(() => undefined, 1000);
  });
`;

it('keeps few answers for a child that asks and does not read', async () => {
  const connect = createStdioConnect();
  let done: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    done = resolve;
  });
  const spec = {
    ...stdioSpec('legacy', { revision: '2025-11-25' }),
    command: process.execPath,
    args: ['-e', deaf],
  };
  const connection = await connect(spec, connectionDeps, context({ onListChanged: () => done() }));
  await connection.start();
  await over;
  // Were all answers kept, there would be no room left for a call.
  const members = `"name":"x","arguments":{"a":"${'y'.repeat(1024)}"}`;
  const big = `"name":"x","arguments":{"a":"${'y'.repeat(50 * 1024 * 1024)}"}`;
  const call = (text: string) => connection.request({ method: 'tools/call', members: text, timeoutMs: 200 });
  await expect(call(members)).rejects.toMatchObject({ kind: 'timeout' });
  await expect(call(big)).rejects.toMatchObject({ kind: 'timeout' });
  await connection.close();
});
