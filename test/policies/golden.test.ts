import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ended, sallyport, scratchFolder } from '../e2e/gateway-process.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const scratch = scratchFolder();
afterAll(scratch.remove);
const report = join(scratch.path, 'golden.xml');

interface Result {
  readonly title: string;
  readonly expected: string;
  readonly problems: readonly string[];
}

interface Answer {
  readonly passed: boolean;
  readonly files: readonly { file: string; results: readonly Result[] }[];
  readonly coverage: readonly { policy: string; percent: number; missing: readonly string[] }[];
}

let ended: Promise<Ended> | undefined;

/** One run for all tests of this file. */
async function answer(): Promise<Answer> {
  ended ??= sallyport(folder, ['policy', 'test', '.', '--json', '--junit', report]);
  return JSON.parse((await ended).stdout);
}

describe('the golden cases of this project, run as users run theirs', () => {
  it('hold, every one', async () => {
    const { passed, files } = await answer();
    const failed = files.flatMap(({ results }) => results.filter(({ problems }) => problems.length > 0));
    expect(failed).toEqual([]);
    expect(passed).toBe(true);
    expect((await ended)?.code).toBe(0);
  });

  it('are at least 150, with every effect among them', async () => {
    const { files } = await answer();
    const results = files.flatMap((file) => file.results);
    expect(results.length).toBeGreaterThanOrEqual(150);
    const effects = new Set(results.map(({ expected }) => expected));
    expect([...effects].sort()).toEqual([
      'allow',
      'ask',
      'deny',
      'hide',
      'invalid_arguments',
      'unknown_target',
    ]);
  });

  it('go through every rule of their policies', async () => {
    const { coverage } = await answer();
    for (const { policy, percent, missing } of coverage) {
      process.stdout.write(`coverage of ${policy}: ${percent} %\n`);
      expect({ policy, missing }).toEqual({ policy, missing: [] });
    }
  });

  it('are reported as JUnit, a test for each', async () => {
    const { files } = await answer();
    const xml = readFileSync(report, 'utf8');
    const count = files.reduce((sum, { results }) => sum + results.length, 0);
    expect(xml).toContain(
      `<testsuites name="sallyport policy test" tests="${count}" failures="0" errors="0">`,
    );
    expect(xml.match(/<testcase /g)).toHaveLength(count);
  });
});
