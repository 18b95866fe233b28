import type { GoldenResult } from '../app/policy-tools/judge-golden.js';
import type { JudgedFile } from '../app/policy-tools/junit.js';
import type { CoveredRule, RuleCoverage } from '../app/policy-tools/rule-coverage.js';

/** How much of a policy golden cases went through. */
export interface Coverage {
  /** The file of the configuration. */
  readonly policy: string;
  readonly percent: number;
  readonly rules: readonly CoveredRule[];
  /** Ids of rules that took part in no decision. */
  readonly missing: readonly string[];
  /** Ids of rules with a condition or schedules that never said no, so that nobody knows whether they can. */
  readonly neverSpared: readonly string[];
}

export function coverageOf(policy: string, rules: RuleCoverage): Coverage {
  const all = rules.rules();
  return {
    policy,
    percent: rules.percent(),
    rules: all,
    missing: rules.missing().map(({ id }) => id),
    neverSpared: all
      .filter(({ conditional, matched, spared }) => conditional && matched > 0 && spared === 0)
      .map(({ id }) => id),
  };
}

/** What became of golden cases, for people: each file, each case that does not hold, the coverage, the sum. */
export function testLines(files: readonly JudgedFile[], coverage: readonly Coverage[]): string[] {
  const results = files.flatMap((file) => file.results);
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const broken = files.filter(({ faults }) => faults.length > 0).length;
  const sum = [`${results.length - failed} passed`, ...(failed > 0 ? [`${failed} failed`] : [])];
  if (broken > 0) sum.push(`${broken} ${broken === 1 ? 'file' : 'files'} with errors`);
  return [...files.flatMap(fileLines), ...coverage.flatMap(coverageLines), sum.join(', ')];
}

function fileLines({ file, results, faults }: JudgedFile): string[] {
  const failed = results.filter(({ problems }) => problems.length > 0);
  const mark = failed.length + faults.length === 0 ? 'ok  ' : 'FAIL';
  return [
    `${mark} ${file}: ${results.length - failed.length} of ${results.length} cases hold`,
    ...faults.map((fault) => `     error: ${fault}`),
    ...failed.flatMap(failureLines),
  ];
}

function failureLines({ title, file, line, problems, trace }: GoldenResult): string[] {
  const place = line === undefined ? file : `${file}:${line}`;
  return [
    `     ${title} (${place})`,
    ...problems.map((problem) => `       ${problem}`),
    ...trace.map((one) => `         ${one}`),
  ];
}

function coverageLines({ policy, percent, rules, missing, neverSpared }: Coverage): string[] {
  const head = `Coverage of ${policy}: ${rules.length - missing.length} of ${rules.length} rules took part (${percent} %)`;
  const lines = [head];
  if (missing.length > 0) lines.push(`     never: ${missing.join(', ')}`);
  if (neverSpared.length > 0)
    lines.push(`     with a condition or schedule that no case finds false: ${neverSpared.join(', ')}`);
  return lines;
}
