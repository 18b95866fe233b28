// Runs the compatibility matrix and writes docs/compatibility.md from what it found, whatever that is.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const args = [vitest, 'run', '--project', 'e2e', 'test/e2e/compatibility'];
const env = { ...process.env, SALLYPORT_WRITE_DOCS: '1' };
process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
