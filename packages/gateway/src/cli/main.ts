#!/usr/bin/env node
import { runCli } from './run-cli.js';

// A reader that closes early (`| head`) has what it wanted.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 1));
// Timers and handlers of signals do not keep a process by themselves; a command ends when it says so.
const stay = setInterval(() => {}, 2 ** 30);
const exitCode = await runCli(process.argv.slice(2));
clearInterval(stay);
// Everything written before is out when this is; handles that are still open must not keep the process.
process.stdout.write('', () => process.exit(exitCode));
