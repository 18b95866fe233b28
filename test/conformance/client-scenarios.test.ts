import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../e2e/gateway-process.js';
import { newerNode, obstacleTo } from '../fixtures/outside-package.js';
import { lossesOf } from './compare.js';
import { lines } from './report.js';
import { type Findings, judgeClient, type Referee, referees } from './suite.js';

/** The scenarios for clients that are about what a gateway sends; the others are about signing in. */
const scenarios: readonly (readonly [name: string, revisions: readonly string[]])[] = [
  ['initialize', ['2025-06-18', '2025-11-25']],
  ['tools_call', ['2025-06-18', '2025-11-25', '2026-07-28']],
  ['elicitation-sep1034-client-defaults', ['2025-11-25']],
  ['sse-retry', ['2025-11-25']],
  ['request-metadata', ['2026-07-28']],
  ['sep-2322-client-request-state', ['2026-07-28']],
  ['http-standard-headers', ['2026-07-28']],
  ['http-custom-headers', ['2026-07-28']],
  ['http-invalid-tool-headers', ['2026-07-28']],
  ['json-schema-ref-no-deref', ['2026-07-28']],
  ['json-schema-2020-12-preservation', ['2025-11-25', '2026-07-28']],
];
const runs = scenarios.flatMap(([name, revisions]) => revisions.map((revision) => ({ name, revision })));

const driver = join(root, 'test/conformance/client-driver.mjs');
const [referee] = referees as [Referee, ...Referee[]];
const obstacle = await obstacleTo('the client scenarios', [newerNode, referee.file]);

describe.skipIf(obstacle !== undefined)('what we send upstream, judged by the official suite', () => {
  it('is judged by every scenario that applies', () => {
    expect(runs).toHaveLength(referee.clientScenarios);
  });

  it.each(runs)('passes $name at $revision as an SDK client does', async (run) => {
    const direct = await judge(run, 'direct');
    expect(lines(lossesOf(direct, direct)), 'the client itself').toEqual([]);
    expect(lines(lossesOf(direct, await judge(run, 'gateway')))).toEqual([]);
  });
});

function judge(run: (typeof runs)[number], mode: 'direct' | 'gateway'): Promise<Findings> {
  return judgeClient(referee, `${process.execPath} ${driver} ${mode}`, run);
}
