import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { childEnvironment, run } from '../e2e/gateway-process.js';
import { fileOf, newerNode, type OutsidePackage } from '../fixtures/outside-package.js';

export type Status = 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';

export interface Check {
  readonly id: string;
  readonly status: Status;
  readonly errorMessage?: string;
  /** What the suite saw: the exchange, where it matters. */
  readonly details?: unknown;
}

/** What each scenario of one run found, by the scenario's name. */
export type Findings = ReadonlyMap<string, readonly Check[]>;

/** One version of the official suite. */
export interface Referee {
  readonly version: string;
  readonly file: OutsidePackage;
  /** How many server scenarios it has at each revision. */
  readonly scenarios: Readonly<Record<string, number>>;
  /** How many of its client scenarios, each at each of its revisions, are about what a gateway sends. */
  readonly clientScenarios: number;
}

const newest = '0.2.0-alpha.12';

/** The newest release has no tag of its own and knows 2026-07-28; the one tagged `latest` is the second opinion. */
export const referees: readonly Referee[] = [
  {
    version: newest,
    file: packageOf(newest),
    scenarios: { '2025-03-26': 1, '2025-06-18': 27, '2025-11-25': 33, '2026-07-28': 40 },
    clientScenarios: 15,
  },
  {
    version: '0.1.16',
    file: packageOf('0.1.16'),
    scenarios: { '2025-06-18': 26, '2025-11-25': 32 },
    clientScenarios: 0,
  },
];

/** The server scenarios that the suite says a server must pass to conform, by revision; older versions say nothing. */
export function requiredBy({ file }: Referee): ReadonlyMap<string, readonly string[]> {
  const folder = join(dirname(dirname(fileOf(file))), 'requirements');
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder).map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const section = /^server:\n((?: {2}- .*\n)+)/m.exec(text)?.[1] ?? '';
      const scenarios = [...section.matchAll(/- (.*)/g)].map((match) => match[1] ?? '');
      return [name.replace(/\.yaml$/, ''), scenarios];
    }),
  );
}

function packageOf(version: string): OutsidePackage {
  return {
    folder: `conformance-${version}`,
    name: '@modelcontextprotocol/conformance',
    version,
    file: 'dist/index.js',
  };
}

/** Runs all server scenarios of one revision against `url`. */
export async function judgeServer(referee: Referee, url: string, revision: string): Promise<Findings> {
  const args = ['server', '--url', url, '--suite', 'all', '--spec-version', revision];
  return judge(referee, args);
}

/** Runs one scenario of an extension, which no revision has, against `url`. */
export async function judgeExtension(referee: Referee, url: string, name: string): Promise<Findings> {
  const args = ['server', '--url', url, '--scenario', name, '--spec-version', '2026-07-28', '--force'];
  return judge(referee, args);
}

/** Runs one client scenario with `command` as the client; it gets the URL of the suite's server as last argument. */
export async function judgeClient(
  referee: Referee,
  command: string,
  scenario: { name: string; revision: string },
): Promise<Findings> {
  const which = ['--scenario', scenario.name, '--spec-version', scenario.revision];
  return judge(referee, ['client', '--command', command, ...which]);
}

async function judge(referee: Referee, args: readonly string[]): Promise<Findings> {
  const out = mkdtempSync(join(tmpdir(), 'sallyport-conformance-'));
  const command = [fileOf(newerNode), fileOf(referee.file), ...args, '-o', out];
  const ended = await run(command, { cwd: out, env: childEnvironment(out) });
  const findings = readFindings(out);
  rmSync(out, { recursive: true, force: true });
  if (findings.size === 0)
    throw new Error(`${command.join(' ')} ended with ${ended.code}:\n${ended.stdout}\n${ended.stderr}`);
  return findings;
}

/** Each scenario leaves a folder `server-NAME-TIME` (or `NAME-TIME`) with its checks. */
function readFindings(folder: string): Findings {
  const findings = new Map<string, readonly Check[]>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('checks.json')) continue;
    const scenario = name
      .replace(/[\\/]checks\.json$/, '')
      .replace(/^server-/, '')
      .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
    findings.set(scenario, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Check[]);
  }
  return findings;
}
