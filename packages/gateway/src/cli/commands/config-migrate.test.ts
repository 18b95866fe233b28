import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { migrate } from './config-migrate.js';

let folder: string;
let out: string;
let told: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-'));
  out = '';
  told = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function run(value: unknown, json = false): Promise<number> {
  const file = join(folder, 'file.json');
  await writeFile(file, JSON.stringify(value));
  return migrate({ json }, [file]);
}

test('prints the native form and answers 0', async () => {
  expect(await run({ type: 'deny', tools: ['wipe'] })).toBe(0);
  expect(out).toContain('effect: deny');
  expect(told).toBe('');
});

test('prints it as JSON with what to know about it', async () => {
  expect(await run({ mcpServers: { a: { command: 'x' } } }, true)).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    dialect: 'mcpServers',
    config: { upstreams: { a: { command: 'x' } }, policy: { default: 'allow' } },
    notes: [{ kind: 'warning', at: ['policy'] }],
  });
});

test('names the variables whose values stood in the file, and prints none', async () => {
  expect(await run({ servers: [], gateway: { transport: 'http', authToken: 'very-secret' } })).toBe(0);
  expect(told).toContain('Set before it is used: CORDON_GATEWAY_TOKEN');
  expect(out + told).not.toContain('very-secret');
});

test('answers 1 and prints nothing but what is wrong', async () => {
  expect(await run({ type: 'deny', tool: 'wipe' })).toBe(1);
  expect([out, told]).toEqual(['', expect.stringContaining('unknown key "tool"')]);
  expect(await run({ type: 'deny', tool: 'wipe' }, true)).toBe(1);
  expect(JSON.parse(out).problems[0]).toMatchObject({ path: 'tool', line: 1 });
});

test('wants one file', async () => {
  await expect(migrate({}, [])).rejects.toThrow('expected one file');
  await expect(migrate({}, ['a', 'b'])).rejects.toThrow('expected one file');
});
