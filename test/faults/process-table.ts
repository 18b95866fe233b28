import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** The kernel's word for it; `Z` has ended and only waits to be collected. */
  readonly state: string;
  /** When it started, in ticks since boot: tells two processes with the same id apart. */
  readonly started: string;
}

/** The processes of this machine, as /proc lists them. */
function processTable(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [entryOf(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))];
    } catch {
      // It ended between the listing and the reading.
      return [];
    }
  });
}

/** The children of `pid`, theirs, and whatever shares a process group with one of them. */
export function descendantsOf(pid: number): ProcessEntry[] {
  const table = processTable();
  const found = new Map<number, ProcessEntry>();
  const collect = (parent: number): void => {
    for (const entry of table) {
      if (entry.parent !== parent || found.has(entry.pid)) continue;
      found.set(entry.pid, entry);
      collect(entry.pid);
    }
  };
  collect(pid);
  const own = table.find((entry) => entry.pid === pid)?.group;
  const groups = new Set([...found.values()].map((entry) => entry.group).filter((group) => group !== own));
  for (const entry of table) if (groups.has(entry.group)) found.set(entry.pid, entry);
  return [...found.values()];
}

/** Those of `entries` that still run, and everything else in the process groups that they led. */
export function survivorsOf(entries: readonly ProcessEntry[]): ProcessEntry[] {
  const known = new Map(entries.map((entry) => [entry.pid, entry.started]));
  const led = new Set(entries.filter((entry) => entry.pid === entry.group).map((entry) => entry.group));
  return processTable().filter((entry) => {
    if (entry.state === 'Z') return false;
    return known.get(entry.pid) === entry.started || led.has(entry.group);
  });
}

/** The processes that were started with `text` in their command line. */
export function processesNaming(text: string): ProcessEntry[] {
  return processTable().filter(({ pid, state }) => {
    try {
      return state !== 'Z' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

/** Fields of proc(5); the name in brackets may itself contain brackets and spaces. */
function entryOf(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent = '', group = ''] = fields;
  return { pid, state, parent: Number(parent), group: Number(group), started: fields[19] ?? '' };
}
