import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { CredentialFault } from '../credential-fault.js';
import type { SecretSource } from '../secret-source.js';

const maxBytes = 65_536;

/**
 * Places where a container runtime mounts secrets, usually 0444 or 0644 because nobody else is inside: Docker's
 * directory, and the `..data` generation directories through which Kubernetes swaps a mounted volume.
 */
const secretMount = /^\/(?:var\/)?run\/secrets\/|\/\.\.[^/]+\//;

/**
 * `file:PATH`: the text of a file without its final line break, read anew each time, so that a swapped mount counts.
 * `~/` is the home directory; other relative paths start at `baseDirectory` (where the configuration file is).
 *
 * The rule for permissions: never writable by group or others; readable by others only when the file belongs to
 * another user (who then decided so) or lies in a mounted secrets directory. Windows has no such bits to look at.
 */
export function createFileSource(baseDirectory: string): SecretSource {
  return {
    scheme: 'file',
    async read(rest) {
      const reference = `file:${rest}`;
      const path = rest.startsWith('~/') ? resolve(homedir(), rest.slice(2)) : resolve(baseDirectory, rest);
      const file = await openFile(reference, path);
      try {
        return await readSecret(reference, path, file);
      } finally {
        await file.close();
      }
    },
  };
}

async function openFile(reference: string, path: string): Promise<FileHandle> {
  try {
    // Non-blocking: opening a pipe that nobody writes to would otherwise wait for ever.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new CredentialFault(reference, `${openProblem(error)} (looked at ${path})`);
  }
}

function openProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT') return 'does not exist; create the file or correct the path';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by the user that runs the gateway';
  return `cannot be opened: ${code}`;
}

async function readSecret(reference: string, path: string, file: FileHandle): Promise<string> {
  const stats = await file.stat();
  if (!stats.isFile())
    throw new CredentialFault(reference, 'is not a regular file; put the secret in a file of its own');
  if (stats.size > maxBytes)
    throw new CredentialFault(reference, `is larger than ${maxBytes} bytes; a secret is not that long`);
  if (process.platform !== 'win32') await checkPermissions(reference, path, stats);
  return decode(reference, await file.readFile()).replace(/[\r\n]+$/, '');
}

async function checkPermissions(reference: string, path: string, stats: Stats): Promise<void> {
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  if ((stats.mode & 0o022) !== 0) {
    throw new CredentialFault(
      reference,
      `may be changed by other users (mode ${mode}); run: chmod 600 ${path}`,
    );
  }
  const exposed = (stats.mode & 0o004) !== 0 && stats.uid === process.getuid?.();
  if (exposed && !secretMount.test(await realpath(path))) {
    throw new CredentialFault(reference, `may be read by every user (mode ${mode}); run: chmod 600 ${path}`);
  }
}

function decode(reference: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CredentialFault(reference, 'is not UTF-8 text');
  }
}
