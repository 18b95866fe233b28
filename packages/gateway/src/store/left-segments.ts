import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFault } from './data-directory.js';
import type { SegmentTask } from './ingest-messages.js';
import { ownerOf, ownerText, stateOf } from './segment-name.js';

/** A segment of another machine that nobody changed for this long is taken for left behind. */
const abandonedMs = 24 * 3600 * 1000;

/**
 * Segments that others left: those of dead processes here are finished; those of other machines are only read,
 * because nobody here knows whether their owner still writes. Those of living processes are not touched.
 */
export function findLeftSegments(folder: string, now: number): SegmentTask[] {
  const tasks: SegmentTask[] = [];
  for (const name of readdirSync(folder).sort()) {
    const owner = ownerOf(name);
    if (owner === undefined) continue;
    const state = stateOf(owner);
    if (state === 'alive') continue;
    tasks.push({
      name,
      finish: state === 'dead' || now - lastChangeOf(join(folder, name), now) > abandonedMs,
      own: false,
    });
  }
  return tasks;
}

/** How many other processes write journals in the folder now, as far as can be known here. */
export function countNeighbours(folder: string): number {
  const owners = readdirSync(folder).flatMap((name) => ownerOf(name) ?? []);
  const others = owners.filter((owner) => owner.pid !== process.pid && stateOf(owner) === 'alive');
  return new Set(others.map(ownerText)).size;
}

/** Whether there is anything of the segments of an owner that is not in the database. */
export function hasSegments(folder: string, owner: string): boolean {
  return readdirSync(folder).some((name) => name.startsWith(`${owner}.`));
}

function lastChangeOf(path: string, now: number): number {
  try {
    return statSync(path).mtimeMs;
  } catch (cause) {
    if (isFault(cause, 'ENOENT')) return now;
    throw cause;
  }
}
