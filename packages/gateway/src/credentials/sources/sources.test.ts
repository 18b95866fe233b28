import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnvSource } from './env.js';
import { createFileSource } from './file.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-file-source-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function put(name: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await writeFile(join(directory, name), content);
  await chmod(join(directory, name), mode);
}

describe('the environment as a source', () => {
  it('gives a variable as it is now', async () => {
    const environment: Record<string, string> = { TOKEN: 'one' };
    const source = createEnvSource(environment);
    expect(await source.read('TOKEN')).toBe('one');
    environment.TOKEN = 'two';
    expect(await source.read('TOKEN')).toBe('two');
  });

  it('says which variable is missing or empty', async () => {
    const source = createEnvSource({ EMPTY: '' });
    await expect(source.read('GONE')).rejects.toThrow('env:GONE is not set');
    await expect(source.read('EMPTY')).rejects.toThrow('env:EMPTY is set but empty');
    await expect(source.read('constructor')).rejects.toThrow('env:constructor is not set');
  });
});

describe('files as a source', () => {
  it('gives the text without its final line break, relative to the base directory', async () => {
    await put('a', 'correct-horse\r\n');
    await put('b', 'two\nlines\n');
    const source = createFileSource(directory);
    expect(await source.read('a')).toBe('correct-horse');
    expect(await source.read('./b')).toBe('two\nlines');
    expect(await createFileSource('/').read(join(directory, 'a'))).toBe('correct-horse');
  });

  it('starts ~/ at the home directory', async () => {
    await expect(createFileSource(directory).read('~/no-such-sallyport-file')).rejects.toThrow(
      join(homedir(), 'no-such-sallyport-file'),
    );
  });

  it('refuses what is missing, no regular file, too large or not text', async () => {
    await put('binary', Uint8Array.of(0xff, 0xfe));
    await put('large', 'x'.repeat(65_537));
    const source = createFileSource(directory);
    await expect(source.read('gone')).rejects.toThrow('file:gone does not exist');
    await expect(source.read('.')).rejects.toThrow('is not a regular file');
    await expect(source.read('binary')).rejects.toThrow('is not UTF-8 text');
    await expect(source.read('large')).rejects.toThrow('is larger than 65536 bytes');
  });

  it.skipIf(process.platform === 'win32').each([
    [0o600, undefined],
    [0o400, undefined],
    [0o640, undefined],
    [0o644, 'may be read by every user (mode 0644); run: chmod 600'],
    [0o444, 'may be read by every user'],
    [0o620, 'may be changed by other users (mode 0620); run: chmod 600'],
    [0o602, 'may be changed by other users'],
  ])('judges mode %o of an own file', async (mode, problem) => {
    await put('s', 'correct-horse', mode);
    const reading = createFileSource(directory).read('s');
    if (problem === undefined) expect(await reading).toBe('correct-horse');
    else await expect(reading).rejects.toThrow(problem);
  });

  it.skipIf(process.platform === 'win32')('accepts a Kubernetes volume and follows its swap', async () => {
    await mkdir(join(directory, '..2026_1'));
    await put('..2026_1/token', 'correct-horse', 0o644);
    await symlink('..2026_1', join(directory, '..data'));
    await symlink('..data/token', join(directory, 'token'));
    const source = createFileSource(directory);
    expect(await source.read('token')).toBe('correct-horse');
    await mkdir(join(directory, '..2026_2'));
    await put('..2026_2/token', 'battery-staple', 0o644);
    await rm(join(directory, '..data'));
    await symlink('..2026_2', join(directory, '..data'));
    expect(await source.read('token')).toBe('battery-staple');
  });
});
