// usage: node stdio.mjs ID FOLDER ERA...
// Messages go to FOLDER/ID.jsonl, process ids to FOLDER/ID.pids, one a line; a script is taken from
// FOLDER/ID.script.json, and FOLDER/ID.done says that it was carried out. With FOLDER/ID.crash it ends at its start.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createFixtureServer } from './fixture-server.mjs';

const [, , id, folder, ...eras] = process.argv;
const file = (ending) => `${folder}/${id}.${ending}`;

appendFileSync(file('pids'), `${process.pid}\n`);
if (existsSync(file('crash'))) process.exit(1);

/** What the next call shall do. */
let script;

const { answer } = createFixtureServer({
  id,
  eras,
  record: (received) => appendFileSync(file('jsonl'), `${JSON.stringify(received)}\n`),
  takeScript() {
    const taken = script;
    script = undefined;
    return taken;
  },
});

async function carryOut(wish) {
  if (wish.next !== undefined) script = wish;
  if (wish.stdout !== undefined) process.stdout.write(wish.stdout);
  if (wish.stderr_repeat !== undefined) await flood(process.stderr, wish.stderr_repeat);
  if (wish.fork_grandchild) {
    const { pid } = spawn('sleep', ['600'], { stdio: 'ignore' });
    appendFileSync(file('pids'), `${pid}\n`);
  }
  writeFileSync(file('done'), '');
  if (wish.crash_on_start) process.exit(1);
}

async function flood(stream, { byte, count }) {
  const chunk = byte.repeat(65_536);
  for (let left = count; left > 0; left -= chunk.length) {
    await new Promise((resolve) => stream.write(chunk.slice(0, left), resolve));
  }
}

/** Several processes of one upstream may run; the first that moves the script away carries it out. */
function takeFile() {
  const mine = file(`script.${process.pid}`);
  try {
    renameSync(file('script.json'), mine);
  } catch {
    return;
  }
  const wish = JSON.parse(readFileSync(mine, 'utf8'));
  rmSync(mine);
  void carryOut(wish);
}

watch(folder, (_event, name) => {
  if (name === `${id}.script.json`) takeFile();
});

createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', (line) => {
    void answer(line).then((reply) => {
      if (reply !== undefined) process.stdout.write(`${reply}\n`);
    });
  })
  .on('close', () => process.exit(0));
