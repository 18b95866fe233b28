// usage: node stdio.mjs ID FOLDER ERA...   Messages go to FOLDER/ID.jsonl, a script is taken from FOLDER/ID.script.json.
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createFixtureServer } from './fixture-server.mjs';

const [, , id, folder, ...eras] = process.argv;
const scriptFile = `${folder}/${id}.script.json`;

function takeScript() {
  try {
    const script = JSON.parse(readFileSync(scriptFile, 'utf8'));
    rmSync(scriptFile);
    return script;
  } catch {
    return undefined;
  }
}

const answer = createFixtureServer({
  id,
  eras,
  record: (received) => appendFileSync(`${folder}/${id}.jsonl`, `${JSON.stringify(received)}\n`),
  takeScript,
});

createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
  void answer(line).then((reply) => {
    if (reply !== undefined) process.stdout.write(`${reply}\n`);
  });
});
