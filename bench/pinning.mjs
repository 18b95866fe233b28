import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { allOf } from './processes.mjs';

/**
 * Which processes run on which core. At concurrency 1 all share one core: waking another core costs more than a hop, and
 * differs more from one time to the next. Otherwise the target has a core to itself and the rest share another.
 * Without `taskset` or a second core the system places them as it likes.
 */
export function makePinning(wanted) {
  const cores = wanted ? usableCores() : [];
  if (cores.length < 2) return { active: false, apply() {} };
  const [first, second] = cores;
  return {
    active: true,
    apply({ concurrency, targetPid, otherPids }) {
      const forOthers = concurrency === 1 ? first : second;
      for (const pid of otherPids) for (const one of allOf(pid)) pin(one.pid, forOthers);
      if (targetPid === undefined) return;
      for (const one of allOf(targetPid)) pin(one.pid, one.isEcho ? forOthers : first);
    },
  };
}

function usableCores() {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    const list = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    return list.split(',').flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
  } catch {
    return [];
  }
}

function pin(pid, core) {
  try {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
      stdio: 'ignore',
    });
  } catch {
    // A thread that ended meanwhile makes taskset fail for it; the others are placed.
  }
}
