import { readdir, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import spawn from 'cross-spawn';

/** Linux has had pages of this size on every platform that Node runs on, but for a few whose numbers come out too small. */
const pageBytes = 4096;

/** Bytes of memory that the processes of a group hold, shared pages counted in each; nothing where nobody tells. */
export async function groupMemoryBytes(group: number): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    return process.platform === 'linux' ? await fromProc(group) : await fromPs(group);
  } catch {
    return undefined;
  }
}

async function fromProc(group: number): Promise<number | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const pages = stats.map((stat) => pagesIn(stat, group)).filter((one) => one !== undefined);
  return pages.length === 0 ? undefined : pages.reduce((sum, one) => sum + one, 0) * pageBytes;
}

/** The name of the program, in parentheses, may hold anything; behind it the group is the 3rd and the size the 22nd. */
function pagesIn(stat: string, group: number): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[2]) === group ? Number(fields[21]) : undefined;
}

async function fromPs(group: number): Promise<number | undefined> {
  const ps = spawn('ps', ['-axo', 'pgid=,rss='], { stdio: ['ignore', 'pipe', 'ignore'] });
  ps.on('error', () => undefined);
  if (ps.stdout === null) return undefined;
  const rows = (await text(ps.stdout)).split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const own = rows.filter(([pgid]) => pgid === group);
  return own.length === 0 ? undefined : own.reduce((sum, [, kib = 0]) => sum + kib * 1024, 0);
}
