import { resolve } from 'node:path';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { type AnswerComparison, compareAnswers } from '../../app/policy-tools/compare-answers.js';
import { compareRules } from '../../app/policy-tools/compare-rules.js';
import { readGoldenFile } from '../../app/policy-tools/golden-file.js';
import { callsOf } from '../../app/policy-tools/judge-golden.js';
import type { OfferSnapshot } from '../../app/policy-tools/offer-snapshot.js';
import type { PolicyBench } from '../../app/policy-tools/policy-bench.js';
import { sampleCallers } from '../../app/policy-tools/sample-callers.js';
import { withBench } from '../../app/policy-tools/with-bench.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions } from '../common-options.js';
import { diffLines } from '../format-policy-diff.js';
import { print, printJson } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';
import { visibleText } from '../visible-text.js';

interface DiffOptions extends CommonOptions, JsonOption, ToolsOption {
  readonly as: readonly string[];
  readonly cases: readonly string[];
  readonly exitCode?: boolean;
}

/** `policy diff A B`: what two policies have otherwise, by their text and by their answers to sample calls. */
export async function diff(options: DiffOptions, [a = '', b = '']: readonly string[]): Promise<number> {
  if (options.config !== undefined)
    throw new CliError('--config: two files are named already; leave it out', 2);
  const [before, after] = [await load(a, options), await load(b, options)];
  const snapshot = await snapshotFor(after, options.tools);
  const rules = compareRules(before, after);
  const answers = await withBench(before, knownTo(before, snapshot), (one) =>
    withBench(after, knownTo(after, snapshot), (other) => compare(one, other, options)),
  );
  const { samples, changes } = answers;
  if (options.json === true) printJson({ before: a, after: b, rules, samples, changes });
  else for (const line of diffLines(rules, answers)) print(visibleText(line));
  return options.exitCode === true && changes.length > 0 ? 1 : 0;
}

function load(file: string, options: DiffOptions): Promise<EffectiveConfig> {
  return loadConfig({ ...loadOptions(options), file });
}

/** Only what the configuration has an upstream for. */
function knownTo({ upstreams }: EffectiveConfig, snapshot: OfferSnapshot): OfferSnapshot {
  if (Object.keys(upstreams).length === 0) return snapshot;
  return Object.fromEntries(Object.entries(snapshot).filter(([id]) => Object.hasOwn(upstreams, id)));
}

async function compare(
  before: PolicyBench,
  after: PolicyBench,
  options: DiffOptions,
): Promise<AnswerComparison> {
  const callers = sampleCallers([before.config, after.config], options.as);
  const files = await Promise.all(options.cases.map((file) => readGoldenFile(resolve(file))));
  const more = files.flatMap((golden) => callsOf(golden, after));
  return compareAnswers({ before, after, callers, more });
}
