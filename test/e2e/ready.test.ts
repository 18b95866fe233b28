import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildReason, installReason, lockHash, nodeProblem, sourcesHash } from '../../scripts/ready.mjs';
import { scratchFolder } from './gateway-process.js';

const scratch = scratchFolder();
const lock = { packages: { '': {}, 'packages/gateway': {}, 'node_modules/zod': { version: '4.6.7' } } };

afterEach(() => scratch.remove());

/** A clone as far as the script looks at it. */
function clone(files: Record<string, string>): string {
  const all = {
    'package-lock.json': JSON.stringify(lock),
    'packages/gateway/src/a.ts': 'export const a = 1;',
    'packages/gateway/package.json': '{}',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(scratch.path, path)), { recursive: true });
    writeFileSync(join(scratch.path, path), text);
  }
  return scratch.path;
}

const built = { 'packages/gateway/dist/cli/main.js': '' };
const installed = { 'node_modules/.package-lock.json': JSON.stringify(lock) };

describe('what runs before npm start and npm test', () => {
  it('names the Node version that is needed when this one is too old', () => {
    expect(nodeProblem('18.20.4')).toMatch(/needs Node\.js 20\.19 or newer, and this is 18\.20\.4/);
    expect(nodeProblem('20.18.3')).toBeDefined();
    for (const version of ['20.19.0', '22.0.0', '26.10.0']) expect(nodeProblem(version)).toBeUndefined();
  });

  it('installs in a fresh clone', () => {
    expect(installReason(clone({}), {})).toMatch(/not installed yet/);
  });

  it('installs again when the lockfile changed, and not otherwise', () => {
    const folder = clone({ 'node_modules/zod/package.json': '{}' });
    expect(installReason(folder, { lock: lockHash(folder) })).toBeUndefined();
    expect(installReason(folder, { lock: 'of another lockfile' })).toMatch(/package-lock\.json changed/);
  });

  it('accepts what somebody installed by hand, if it is what the lockfile says', () => {
    expect(installReason(clone(installed), {})).toBeUndefined();
    const older = { packages: { 'node_modules/zod': { version: '4.0.0' } } };
    expect(
      installReason(clone({ 'node_modules/.package-lock.json': JSON.stringify(older) }), {}),
    ).toBeDefined();
  });

  it('builds when there is no build, and when anything that the build reads changed', () => {
    expect(buildReason(clone({}), {})).toMatch(/no build yet/);
    const folder = clone(built);
    const stamp = { sources: sourcesHash(folder) };
    expect(buildReason(folder, stamp)).toBeUndefined();
    clone({ ...built, 'packages/gateway/src/a.ts': 'export const a = 2;' });
    expect(buildReason(folder, stamp)).toMatch(/sources changed/);
  });

  it('does not build because a test changed', () => {
    const folder = clone(built);
    const stamp = { sources: sourcesHash(folder) };
    clone({ ...built, 'packages/gateway/src/a.test.ts': '' });
    expect(buildReason(folder, stamp)).toBeUndefined();
  });
});
