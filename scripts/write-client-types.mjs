// Writes packages/client/src/rest.gen.ts: the types of the REST face, from the document of the gateway as it is built.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const args = [vitest, 'run', 'test/rest/client-types.test.ts'];
const env = { ...process.env, SALLYPORT_WRITE_DOCS: '1' };
process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
