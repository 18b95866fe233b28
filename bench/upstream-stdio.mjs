// The same server as a child process: one JSON-RPC message per line. Ends when its input does.
import { answer } from './echo-server.mjs';
import { readLines } from './read-lines.mjs';

readLines(process.stdin, (line) => {
  const answered = answer(JSON.parse(line));
  if (answered !== undefined) process.stdout.write(`${JSON.stringify(answered)}\n`);
});
process.stdin.on('end', () => process.exit(0));
