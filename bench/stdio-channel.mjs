import { spawn } from 'node:child_process';
import { readLines } from './read-lines.mjs';

/** A child that serves many calls at a time; it ends with this process, since its input does. */
export function stdioChannel(script) {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  readLines(child.stdout, (line) => {
    const { id } = JSON.parse(line);
    const done = waiting.get(id);
    waiting.delete(id);
    done?.(200, line);
  });
  child.on('exit', () => {
    for (const done of waiting.values()) done(0, 'the child ended');
    waiting.clear();
  });
  return {
    kept: true,
    send(id, body, done) {
      waiting.set(id, done);
      child.stdin.write(`${body}\n`);
    },
    close: () => child.stdin.end(),
  };
}
