import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isFault } from './data-directory.js';

/** Whose a segment is: names carry host, process, start and a random mark, so that survivors can tell. */
export interface SegmentOwner {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the kernel's units; 0 where that cannot be known. */
  readonly started: string;
  /** Tells apart several journals of one process. */
  readonly mark: string;
}

const pattern = /^([\w-]+)\.(\d+)\.(\d+)-([0-9a-f]{8})\.(\d+)\.jsonl$/;

/** Marks of the journals that are open in this process. */
const openMarks = new Set<string>();

/** Registers a journal of this process, until `release`. */
export function claimOwner(): { owner: SegmentOwner; release: () => void } {
  const mark = randomBytes(4).toString('hex');
  openMarks.add(mark);
  const owner = { host: thisHost(), pid: process.pid, started: look(process.pid)?.started ?? '0', mark };
  return { owner, release: () => openMarks.delete(mark) };
}

export function segmentName(owner: SegmentOwner, sequence: number): string {
  return `${ownerText(owner)}.${String(sequence).padStart(6, '0')}.jsonl`;
}

/** What the names of all segments of an owner begin with; a dot follows. */
export function ownerText({ host, pid, started, mark }: SegmentOwner): string {
  return `${host}.${pid}.${started}-${mark}`;
}

/** Whether the process, or the journal in it, is gone for sure that `ownerText` made a text of. */
export function isGone(text: string): boolean {
  const owner = ownerOf(`${text}.000000.jsonl`);
  return owner !== undefined && stateOf(owner) === 'dead';
}

/** The owner a segment's name tells, or undefined for a file that is no segment. */
export function ownerOf(name: string): SegmentOwner | undefined {
  const [, host, pid, started, mark] = pattern.exec(name) ?? [];
  if (host === undefined || pid === undefined || started === undefined || mark === undefined)
    return undefined;
  return { host, pid: Number(pid), started, mark };
}

/** `foreign`: the owner runs on another machine or in another container, so nobody here can say whether it lives. */
export function stateOf(owner: SegmentOwner): 'alive' | 'dead' | 'foreign' {
  if (owner.host !== thisHost()) return 'foreign';
  if (owner.pid === process.pid) return openMarks.has(owner.mark) ? 'alive' : 'dead';
  if (!exists(owner.pid)) return 'dead';
  const found = look(owner.pid);
  if (found === undefined || owner.started === '0') return 'alive';
  return found.zombie || found.started !== owner.started ? 'dead' : 'alive';
}

/** The host name, and on Linux the process namespace too: containers share names but not process ids. */
function thisHost(): string {
  const name = hostname().replace(/[^\w-]/g, '-') || 'host';
  if (process.platform !== 'linux') return name;
  try {
    return `${name}-${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'}`;
  } catch {
    return name;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return isFault(cause, 'EPERM');
  }
}

/** From `/proc/PID/stat`: fields 3 (state) and 22 (start); field 2 is a name in brackets that may hold anything. */
function look(pid: number): { zombie: boolean; started: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { zombie: fields[0] === 'Z', started: fields[19] ?? '0' };
  } catch {
    return undefined;
  }
}
