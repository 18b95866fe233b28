import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, formatProblem } from '../config/config-error.js';
import { readGoldenFile } from './golden-file.js';
import { parseSnapshot, snapshotText } from './offer-snapshot.js';
import { offered } from './policy-tools-fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-golden-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function written(text: string): string {
  count += 1;
  const file = join(folder, `${count}.test.yaml`);
  writeFileSync(file, text);
  return file;
}

async function faultsOf(text: string): Promise<string[]> {
  const file = written(text);
  const found = await readGoldenFile(file).then(
    () => [],
    (cause: unknown) => {
      if (cause instanceof ConfigError) return cause.problems.map(formatProblem);
      throw cause;
    },
  );
  return found.map((line) => line.replace(file, 'FILE'));
}

describe('a file of golden cases', () => {
  test('says with line and column what it does not know, and what was meant', async () => {
    expect(await faultsOf('cases:\n  - tool: a\n    expct: deny\n    expect: deny\n')).toEqual([
      expect.stringMatching(
        /^FILE:3:5: cases\[0\]\.expct: unknown key "expct"; .*; did you mean "expect"\?$/,
      ),
    ]);
  });

  test('says which effects there are', async () => {
    expect(await faultsOf('cases:\n  - { tool: a, expect: { effect: block } }\n')).toEqual([
      expect.stringMatching(
        /^FILE:2:\d+: cases\[0\]\.expect\.effect: found "block"; expected "allow", "ask", "deny"/,
      ),
    ]);
  });

  test.each([
    ['no target', '{ expect: deny }', 'found no target'],
    ['two targets', '{ tool: a, prompt: b, expect: deny }', 'found tool or prompt'],
    ['no expectation', '{ tool: a }', 'expect: found nothing'],
    [
      'a time without zone',
      '{ tool: a, at: "2026-01-01T00:00:00", expect: deny }',
      'expected a time such as',
    ],
    ['arguments that are no JSON', '{ tool: a, args: "{", expect: deny }', 'not valid JSON'],
    ['arguments that are a list', '{ tool: a, args: "[]", expect: deny }', 'expected a JSON object'],
    [
      'a number that YAML rounds',
      '{ tool: a, args: { n: 9007199254740993 }, expect: deny }',
      'write the arguments',
    ],
    [
      'a history of the future',
      '{ tool: a, history: [{ tool: b, ago: soon }], expect: deny }',
      'a duration such as',
    ],
  ])('refuses %s', async (_what, one, message) => {
    expect((await faultsOf(`cases:\n  - ${one}\n`)).join('\n')).toContain(message);
  });

  test('keeps integers beyond 2^53 that are written as JSON', async () => {
    const file = written(`cases:\n  - { tool: a, args: '{"n": 9007199254740993}', expect: deny }\n`);
    const { cases } = await readGoldenFile(file);
    expect(cases[0]?.args).toEqual({ n: 9007199254740993n });
  });

  test('names a snapshot that is none, and how to make one', async () => {
    writeFileSync(join(folder, 'none.json'), '{"tools": []}');
    const [fault] = await faultsOf('tools: none.json\ncases: [{ tool: a, expect: deny }]\n');
    expect(fault).toMatch(/none\.json: not a snapshot .* write one with "sallyport policy snapshot"/);
  });
});

test('a snapshot is read as it was written, to the byte of each definition', () => {
  const odd = { name: 'a', inputSchema: { type: 'object', properties: {} }, description: 'line\u2028break' };
  const snapshot = offered([odd]);
  const again = parseSnapshot('x', Buffer.from(snapshotText(snapshot)));
  expect(again).toEqual({ files: { tools: [{ text: expect.any(String), value: odd }] } });
  expect(snapshotText(again)).toBe(snapshotText(snapshot));
});
