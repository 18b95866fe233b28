const columns = [
  ['target', (row) => row.name],
  ['p50 µs', (row) => number(row.p50Us, 1)],
  ['added', (row) => number(row.addedP50Us, 1)],
  ['p99 µs', (row) => number(row.p99Us)],
  ['added', (row) => number(row.addedP99Us)],
  ['added p50 @32', (row) => number(row.addedP50At32Us)],
  ['added p99 @32', (row) => number(row.addedP99At32Us)],
  ['calls/s @32', (row) => number(row.perSecond)],
  ['CPU µs @32', (row) => number(row.cpuUs, 1)],
  ['RSS idle', (row) => number(row.idleMb)],
  ['loaded MB', (row) => number(row.loadedMb)],
  ['start ms', (row) => number(row.startMs)],
  ['calls', (row) => number(row.calls)],
  ['errors', (row) => number(row.errors)],
];

/** What the issue asks of the ratios: the name of the ratio, and whether it may be at most or must be at least so much. */
const limits = {
  'added p50 at concurrency 1, gateway ÷ relay': { atMost: 1.5 },
  'calls per second at 32, gateway ÷ relay': { atLeast: 0.7 },
  'added p50, 10,000 rules ÷ 10 rules': { atMost: 1.2 },
  'added p50, with session, limits, budget ÷ without': { atMost: 1.3 },
};
const idleLimitMb = 120;

/** The figures of one section as text. */
export function renderSection({ title, rows, ratios, idleMb, audits }) {
  const lines = [`\n${title} (medians over the rounds; concurrency 1 unless @32)`, ...renderTable(rows)];
  for (const [name, value] of Object.entries(ratios)) lines.push(renderRatio(name, value));
  if (idleMb !== undefined) {
    lines.push(
      `  ${verdict(idleMb <= idleLimitMb)} idle RSS of the gateway: ${number(idleMb)} MB (at most ${idleLimitMb})`,
    );
  }
  for (const { name, calls, recorded, wrong, complete } of audits) {
    const found = `${recorded} calls on record for ${calls} answered, ${wrong} without exactly one decision and one outcome`;
    lines.push(`  ${verdict(complete)} audit of ${name}: ${found}`);
  }
  for (const { name, faults } of rows) for (const fault of faults) lines.push(`  FAULT ${name}: ${fault}`);
  return lines.join('\n');
}

/** Whether every reply was right and every call is on record; ratios are for people to judge. */
export function isSound({ rows, audits }) {
  return rows.every((row) => row.errors === 0 && row.calls > 0) && audits.every((audit) => audit.complete);
}

function renderTable(rows) {
  const cells = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells.map(
    (line) =>
      `  ${line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ')}`,
  );
}

function renderRatio(name, value) {
  const { atMost = Number.POSITIVE_INFINITY, atLeast = 0 } = limits[name] ?? {};
  if (limits[name] === undefined) return `     ${name}: ${number(value, 2)}`;
  const bound = atLeast > 0 ? `at least ${atLeast}` : `at most ${atMost}`;
  return `  ${verdict(value <= atMost && value >= atLeast)} ${name}: ${number(value, 2)} (${bound})`;
}

function verdict(holds) {
  return holds ? 'ok' : 'NO';
}

function number(value, decimals = 0) {
  return Number.isFinite(value) ? value.toFixed(decimals) : '–';
}
