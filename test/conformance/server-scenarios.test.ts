import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, scratchFolder, startGateway } from '../e2e/gateway-process.js';
import { newerNode, obstacleTo } from '../fixtures/outside-package.js';
import { type Loss, lossesOf, passed } from './compare.js';
import { type FixtureProcess, fixtureCommand, startFixture } from './fixture-process.js';
import { type LegScore, lines, table } from './report.js';
import { type Findings, judgeServer, type Referee, referees, requiredBy } from './suite.js';

const rounds = Number(process.env.SALLYPORT_CONFORMANCE_ROUNDS ?? 2);
/** Where the losses are written with all that the suite says about them, for those who mend them. */
const notes = process.env.SALLYPORT_CONFORMANCE_NOTES;

/** How the gateway reaches the fixture server, and what of the suite applies there. */
interface Leg {
  readonly name: string;
  readonly upstream: (fixture: FixtureProcess) => object;
  readonly judges: (revision: string) => boolean;
  /** Checks of 2026-07-28 that no server of an older revision can pass, whoever stands before it. */
  readonly excused?: Readonly<Record<string, string>>;
}

/** Nothing may be lost on the first two; the others show what is left when server and client are of different eras. */
const legs: readonly Leg[] = [
  { name: 'HTTP upstream', upstream: ({ url }) => ({ url }), judges: () => true },
  { name: 'stdio upstream', upstream: () => fixtureCommand, judges: () => true },
  {
    name: 'HTTP upstream of 2025-11-25',
    upstream: ({ url }) => ({ url, revision: '2025-11-25' }),
    judges: () => true,
    excused: {
      'sep-2322-elicitation-incomplete': 'Questions of such a server have no keys.',
      'sep-2322-elicitation-complete': 'Questions of such a server have no keys.',
      'sep-2322-ignore-unexpected-params': 'Answers given beforehand go by keys.',
      'sep-2575-server-rejects-undeclared-capability':
        'Such a server says in its own words that it cannot ask.',
      'sep-2575-missing-capability-http-400': 'Such a server says in its own words that it cannot ask.',
    },
  },
  // The fixture counts its list changes per process, and over stdio each capability profile has a process of its own.
  {
    name: 'stdio upstream of 2025-11-25',
    upstream: () => ({ ...fixtureCommand, revision: '2025-11-25' }),
    judges: (revision) => revision < '2026-07-28',
  },
];

const obstacle = await obstacleTo('the conformance suite', [newerNode, ...referees.map((one) => one.file)]);

describe.skipIf(obstacle !== undefined)('the official conformance suite', () => {
  const scratch = scratchFolder();
  const found: Loss[] = [];
  let fixture: FixtureProcess;

  beforeAll(async () => {
    fixture = await startFixture(scratch.path);
  });

  afterAll(async () => {
    await fixture.stop();
    scratch.remove();
    if (notes !== undefined) writeFileSync(notes, JSON.stringify(found, null, 2));
  });

  describe.each(referees)('$version', (referee) => {
    const scores: LegScore[] = [];
    let direct: Map<string, Findings>;

    beforeAll(async () => {
      direct = await judgeAll(referee, fixture.url, () => true);
      scores.push({ leg: 'direct', passed: counts([direct]) });
    });

    afterAll(() => process.stdout.write(`${referee.version}\n${table(scores, referee.scenarios)}\n`));

    it('passes with every scenario against the fixture server itself', () => {
      expect(scores[0]?.passed).toEqual(eachOnce(referee.scenarios));
      for (const findings of direct.values()) expect(lines(lossesOf(findings, findings))).toEqual([]);
    });

    it('asks for all that its own lists of requirements name', () => {
      const required = requiredBy(referee);
      expect(required.size).toBe(Object.keys(referee.scenarios).includes('2026-07-28') ? 2 : 0);
      for (const [revision, scenarios] of required) {
        expect(scenarios.length).toBeGreaterThan(20);
        expect([...(direct.get(revision)?.keys() ?? [])]).toEqual(expect.arrayContaining([...scenarios]));
      }
    });

    it.each(legs)('loses nothing behind the gateway: $name', async (leg) => {
      const gateway = await startLeg(leg, referee);
      const runs: Map<string, Findings>[] = [];
      try {
        for (let round = 0; round < rounds; round += 1) {
          runs.push(await judgeAll(referee, `${gateway.baseUrl}/mcp`, leg.judges));
        }
      } finally {
        await gateway.stop();
      }
      scores.push({ leg: leg.name, passed: counts(runs) });
      const losses = runs
        .flatMap((run) => lossesOfRun(direct, run))
        .filter((loss) => leg.excused?.[loss.check] === undefined);
      found.push(...losses.map((loss) => ({ leg: leg.name, referee: referee.version, ...loss })));
      expect([...new Set(lines(losses))]).toEqual([]);
    });
  });

  /** A gateway as people start it, open on loopback, that allows everything, questions included. */
  function startLeg(leg: Leg, referee: Referee): Promise<GatewayProcess> {
    const folder = join(scratch.path, `${leg.name} ${referee.version}`.replaceAll(' ', '-'));
    mkdirSync(folder);
    return startGateway(folder, {
      auth: { mode: 'none' },
      upstreams: { fixture: leg.upstream(fixture) },
      policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
    });
  }
});

async function judgeAll(
  referee: Referee,
  url: string,
  judges: (revision: string) => boolean,
): Promise<Map<string, Findings>> {
  const byRevision = new Map<string, Findings>();
  for (const revision of Object.keys(referee.scenarios).filter(judges)) {
    byRevision.set(revision, await judgeServer(referee, url, revision));
  }
  return byRevision;
}

function lossesOfRun(direct: Map<string, Findings>, run: Map<string, Findings>): Loss[] {
  return [...run].flatMap(([revision, findings]) =>
    lossesOf(direct.get(revision) ?? new Map(), findings).map((loss) => ({
      ...loss,
      scenario: `${revision} ${loss.scenario}`,
    })),
  );
}

function counts(runs: readonly Map<string, Findings>[]): Record<string, number[]> {
  const byRevision: Record<string, number[]> = {};
  for (const run of runs) {
    for (const [revision, findings] of run) {
      byRevision[revision] = [...(byRevision[revision] ?? []), passed(findings).length];
    }
  }
  return byRevision;
}

function eachOnce(totals: Readonly<Record<string, number>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(totals).map(([revision, total]) => [revision, [total]]));
}
