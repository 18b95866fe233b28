#!/usr/bin/env node
// npm links a command when it installs, which in a clone is before there is a build: so the link points here.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write(
    'sallyport: there is no build yet. Run `npm run build` in the repository, then try again.\n',
  );
  process.exitCode = 1;
}
