import { type Referee, referees } from '../../conformance/suite.js';
import { behaviours } from './behaviours.js';
import { type ClientKind, canBeElicited } from './clients.js';
import type { ServerKind } from './servers.js';

/** What one cell was found to be: what is wrong, by behaviour. */
export interface CellResult {
  readonly client: ClientKind;
  readonly server: ServerKind;
  readonly faults: Readonly<Record<string, string>>;
}

/** The page in docs/, from the results of a run. Says nothing that changes from run to run. */
export function compatibilityPage(results: readonly CellResult[], servers: readonly ServerKind[]): string {
  const heads = ['Client', 'Revision', ...servers.map((one) => `${one.transport}, ${one.era}`)];
  const clients = [...new Set(results.map((one) => one.client))];
  const rows = clients.map((client) => [
    `${client.transport} (${client.library})`,
    client.revision,
    ...servers.map((server) =>
      verdict(results.find((one) => one.client === client && one.server === server)),
    ),
  ]);
  return `# Compatibility

Any client, any server: each cell is a real client that uses a real server through a real gateway process, and in
each cell all of this is tried: ${behaviours.map((one) => one.name).join(', ')} (5 MB).

This page is written by \`node scripts/write-compatibility.mjs\` from a run of \`test/e2e/compatibility\`, and that test
fails when the page says anything else than what it finds.

${row(heads)}
${row(heads.map(() => '---'))}
${rows.map(row).join('\n')}

- **works**: everything does. **works ¹**: everything does but elicitation, which came with 2025-06-18: a server that
  asks all the same hears that the client cannot be asked, and the call ends with its error.
- Combinations that no revision knows have no line: Streamable HTTP came with 2025-03-26, HTTP+SSE went with
  2026-07-28.
- Servers: *legacy* ones are built on the official SDK 1.x and speak 2025-11-25 and older, *modern* ones on the SDK 2.x
  and speak 2026-07-28 only. Legacy servers over HTTP put some of their questions on the GET stream and some on the
  stream of the call; both work.

## The official conformance suite

\`npx vitest run --project conformance\` runs the suite (on a Node 22 from npm) against a fixture server on the official
SDK, directly and behind the gateway, over HTTP and over stdio, twice. It fails when the gateway loses a scenario or a
check, or earns a warning that the server does not earn by itself; nothing is on a list of expected failures.

${row(['Suite', ...suiteRevisions, 'what we send upstream'])}
${row(['---', ...suiteRevisions.map(() => '---'), '---'])}
${referees.map(suiteRow).join('\n')}

Behind the gateway, a client of 2026-07-28 in front of a server of 2025-11-25 passes the same scenarios but for what no
such server can know: the names of questions, and the error of 2026-07-28 for a capability that the client lacks.
`;
}

const suiteRevisions = [...new Set(referees.flatMap((one) => Object.keys(one.scenarios)))].toSorted();

function suiteRow({ version, scenarios, clientScenarios }: Referee): string {
  const counts = suiteRevisions.map((revision) => {
    const count = scenarios[revision];
    return count === undefined ? '–' : `${count} of ${count}`;
  });
  return row([version, ...counts, clientScenarios === 0 ? '–' : `${clientScenarios} of ${clientScenarios}`]);
}

function verdict(result: CellResult | undefined): string {
  if (result === undefined) return 'not tried';
  const names = Object.keys(result.faults);
  if (names.length > 0) return `fails: ${names.join(', ')}`;
  return canBeElicited(result.client.revision) ? 'works' : 'works ¹';
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
