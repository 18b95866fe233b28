import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { systemClock } from '../../lib/clock.js';
import { watchConfig } from './watch-config.js';

let folder = '';
let unwatch = async () => {};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-watch-'));
});
afterEach(async () => {
  await unwatch();
  await rm(folder, { recursive: true });
});

async function changeSeen(file: string, change: () => Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const watching = watchConfig({ file, clock: systemClock, onChange: resolve });
    watching
      .then(async (end) => {
        unwatch = end;
        await change();
      })
      .catch(reject);
  });
}

test('sees a file that is written, replaced by another, and its .env', async () => {
  const file = join(folder, 'sallyport.config.yaml');
  await writeFile(file, 'a');
  await changeSeen(file, () => writeFile(file, 'b'));
  await unwatch();
  await writeFile(join(folder, 'draft'), 'c');
  await changeSeen(file, () => rename(join(folder, 'draft'), file));
  await unwatch();
  await changeSeen(file, () => writeFile(join(folder, '.env'), 'A=1'));
});

test('sees the swap of a Kubernetes ConfigMap, which never touches the file', async () => {
  const file = join(folder, 'sallyport.config.yaml');
  for (const generation of ['..1', '..2']) {
    await mkdir(join(folder, generation));
    await writeFile(join(folder, generation, 'sallyport.config.yaml'), generation);
  }
  await symlink('..1', join(folder, '..data'));
  await symlink('..data/sallyport.config.yaml', file);
  await changeSeen(file, async () => {
    await symlink('..2', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  });
});
