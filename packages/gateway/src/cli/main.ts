#!/usr/bin/env node
import { runCli } from './run-cli.js';
import { endWithReader, stdoutWritten } from './stdout.js';

endWithReader();
// Timers and handlers of signals do not keep a process by themselves; a command ends when it says so.
const stay = setInterval(() => {}, 2 ** 30);
const exitCode = await runCli(process.argv.slice(2));
await stdoutWritten();
clearInterval(stay);
// Handles that are still open must not keep the process.
process.exit(exitCode);
