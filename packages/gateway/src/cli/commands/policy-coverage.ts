import { openPanel } from '../../app/open-panel.js';
import { type Decided, TrailCoverage, type TrailReport } from '../../app/policy-tools/trail-coverage.js';
import { systemClock } from '../../lib/clock.js';
import { givesNoVerdict } from '../../policy/rule.js';
import type { RecordTable } from '../../store/record-table.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { localTime } from '../format-record.js';
import { existingStore } from '../local-store.js';
import { printTable } from '../print-table.js';
import { readMoment } from '../read-duration.js';
import { readStore } from '../read-store.js';
import { print, printJson } from '../terminal.js';
import { visibleText } from '../visible-text.js';

interface CoverageOptions extends CommonOptions, JsonOption {
  readonly since?: string;
  readonly until?: string;
}

const pageSize = 1000;
const decisions = ['call.decided', 'call.question'];

/** `policy coverage`: which rules decided calls by the recorded trail, and which never did. */
export async function coverage(options: CoverageOptions): Promise<number> {
  const now = systemClock.now();
  const span = {
    ...(options.since !== undefined && { since: readMoment('--since', options.since, now) }),
    ...(options.until !== undefined && { until: readMoment('--until', options.until, now) }),
  };
  const config = await existingStore(options);
  const { panel } = await openPanel(config, systemClock);
  const trail = new TrailCoverage(panel.revision);
  await readStore(config, ({ records }) => readAll(records, span, trail));
  const report = trail.report(config.policy.rules);
  if (options.json === true) {
    printJson({ ...report, never: neverIn(report) });
    return 0;
  }
  for (const line of headLines(report)) print(line);
  const rows = [
    ...report.rules.map((one) => cellsOf(one, one.shadow === true ? `${one.effect} (trial)` : one.effect)),
    ...report.evaluators.map((one) => cellsOf(one, 'evaluator')),
    cellsOf(report.byDefault, config.policy.default),
    ...report.former.map((one) => cellsOf(one, 'gone')),
  ];
  printTable(['RULE', 'EFFECT', 'DECIDED', 'HOW', 'LAST'], rows, 'There is no rule.');
  const never = neverIn(report);
  if (never.length > 0) print(`\nNever: ${never.join(', ')}`);
  return 0;
}

async function readAll(
  records: RecordTable,
  span: { since?: number; until?: number },
  trail: TrailCoverage,
): Promise<void> {
  let after: number | undefined;
  for (;;) {
    const from = after === undefined ? {} : { after };
    const page = await records.query({ ...span, ...from, type: decisions, limit: pageSize, order: 'asc' });
    for (const { record } of page) trail.note(record);
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
}

/** A rule that only adds something never decides, so nothing is said of it. */
function neverIn({ rules }: TrailReport): string[] {
  return rules
    .filter(({ effect = '', last }) => !givesNoVerdict(effect) && last === undefined)
    .map(({ id }) => id);
}

function headLines({ records, otherRevisions }: TrailReport): string[] {
  const lines = [`${records} decisions`];
  if (otherRevisions > 0)
    lines.push(`${otherRevisions} of them under another policy: rules of the same name may have been others`);
  return [...lines, ''];
}

function cellsOf(one: Decided, effect = ''): string[] {
  const { id, decisions: found, spoke, last } = one;
  const total = Object.values(found).reduce((sum, count) => sum + count, 0);
  const how = Object.entries(found).map(([name, count]) => `${name} ${count}`);
  if (spoke > 0) how.push(`spoke ${spoke}`);
  const when = last === undefined ? 'never' : localTime(Date.parse(last));
  const count = givesNoVerdict(effect) ? '-' : String(total);
  return [id, effect, count, how.join(', '), givesNoVerdict(effect) ? '-' : when].map(visibleText);
}
