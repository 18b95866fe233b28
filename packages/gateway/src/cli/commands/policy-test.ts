import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ConfigError, formatProblem } from '../../app/config/config-error.js';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { type GoldenFile, readGoldenFile, usualFolder } from '../../app/policy-tools/golden-file.js';
import { judgeGolden } from '../../app/policy-tools/judge-golden.js';
import { type JudgedFile, junitReport } from '../../app/policy-tools/junit.js';
import type { PolicyBench } from '../../app/policy-tools/policy-bench.js';
import { RuleCoverage } from '../../app/policy-tools/rule-coverage.js';
import { withBench } from '../../app/policy-tools/with-bench.js';
import { PolicyFaults } from '../../policy/policy-problem.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions } from '../common-options.js';
import { type Coverage, coverageOf, testLines } from '../format-golden.js';
import { parseCount } from '../parse-count.js';
import { print, printJson, say } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';
import { visibleText } from '../visible-text.js';

interface TestOptions extends CommonOptions, JsonOption, ToolsOption {
  readonly init?: boolean;
  readonly junit?: string;
  readonly minCoverage?: string;
}

/** `policy test`: asks the policy about every golden case; 0 when all hold, 1 otherwise. Calls no tool. */
export async function test(options: TestOptions, args: readonly string[]): Promise<number> {
  if (options.init === true) return (await import('./policy-test-init.js')).writeFirstTests(options, args);
  const least =
    options.minCoverage === undefined ? 0 : parseCount('--min-coverage', options.minCoverage, [0, 100]);
  const run = new TestRun(options);
  for (const file of testFiles(args)) await run.add(file);
  const coverage = run.coverage();
  if (options.junit !== undefined) writeReport(options.junit, junitReport(run.judged));
  if (options.json === true) printJson({ passed: run.passed, files: run.judged, coverage });
  else for (const line of testLines(run.judged, coverage)) print(visibleText(line));
  const thin = coverage.filter(({ percent }) => percent < least);
  for (const { policy, percent } of thin)
    say(`error: ${visibleText(policy)}: found a coverage of ${percent} %; expected at least ${least} %`);
  return run.passed && thin.length === 0 ? 0 : 1;
}

/** Files with the same configuration are counted together for its coverage. */
class TestRun {
  readonly judged: JudgedFile[] = [];
  readonly #options: TestOptions;
  readonly #coverage = new Map<string, RuleCoverage>();

  constructor(options: TestOptions) {
    this.#options = options;
  }

  get passed(): boolean {
    return this.judged.every(
      ({ results, faults }) => faults.length === 0 && results.every(({ problems }) => problems.length === 0),
    );
  }

  coverage(): Coverage[] {
    return [...this.#coverage].map(([policy, rules]) => coverageOf(policy, rules));
  }

  /** Runs one file; what is wrong with it never costs the others. */
  async add(path: string): Promise<void> {
    const file = shown(path);
    try {
      const golden = await readGoldenFile(file);
      const { config, results, faults } = await this.#judge(golden);
      this.judged.push({ file, results, faults: faults.map((fault) => `${nameOf(config)}: ${fault}`) });
    } catch (cause) {
      this.judged.push({ file, results: [], faults: faultsOf(cause) });
    }
  }

  async #judge(golden: GoldenFile) {
    const named = golden.policy === undefined ? {} : { file: golden.policy };
    const config = await loadConfig({ ...loadOptions(this.#options), ...named });
    const snapshot =
      golden.snapshot === undefined || this.#options.tools !== undefined
        ? await snapshotFor(config, this.#options.tools)
        : golden.snapshot;
    const configured = Object.keys(config.upstreams);
    const stranger = Object.keys(snapshot).find((id) => !configured.includes(id));
    if (stranger !== undefined && configured.length > 0) {
      const message = `found tools of "${stranger}", which is no upstream; there are ${configured.join(', ')}`;
      throw new CliError(message);
    }
    return withBench(config, snapshot, async (bench) => ({
      config,
      results: await judgeGolden(golden, bench, this.#coverageFor(config)),
      faults: refusals(bench),
    }));
  }

  #coverageFor(config: EffectiveConfig): RuleCoverage {
    const name = nameOf(config);
    const known = this.#coverage.get(name) ?? new RuleCoverage(config.policy.rules);
    this.#coverage.set(name, known);
    return known;
  }
}

/** Why the gateway would not start with this policy and these tools. */
function refusals({ policy, offer, presence }: PolicyBench): string[] {
  return policy.check(offer, presence).map(({ message }) => message);
}

function testFiles(args: readonly string[]): string[] {
  const named = args.length > 0 ? args : [usualFolder];
  const files = named.flatMap((path) => {
    if (!existsSync(path)) {
      const remedy = args.length > 0 ? '' : ', or write your first with "sallyport policy test --init"';
      throw new CliError(`${path}: there is no such file or folder; name files of golden cases${remedy}`, 2);
    }
    return statSync(path).isDirectory() ? testsIn(path) : [path];
  });
  if (files.length > 0) return files;
  throw new CliError(`${named.join(', ')}: found no file that ends in .test.yaml`, 2);
}

function testsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function shown(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short.startsWith('..') ? path : short.replaceAll('\\', '/');
}

function nameOf({ file }: EffectiveConfig): string {
  return file === undefined ? 'the configuration' : shown(file);
}

function faultsOf(cause: unknown): string[] {
  if (cause instanceof ConfigError) return cause.problems.map(formatProblem);
  if (cause instanceof PolicyFaults) return cause.problems.map(({ message }) => message);
  if (cause instanceof CliError) return [cause.message];
  throw cause;
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new CliError(`--junit: ${cause instanceof Error ? cause.message : String(cause)}`, 1, cause);
  }
}
