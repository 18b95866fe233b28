import { inertJson } from '../../lib/inert-text.js';
import { killCells, killHeadings, killText } from '../format-kill.js';
import { type KillOptions, withKills } from '../kills-at.js';
import { printTable } from '../print-table.js';
import { print } from '../terminal.js';

/** `kill list`: what is stopped, oldest first. */
export function listKills(options: KillOptions): Promise<number> {
  return withKills(options, async (kills) => {
    const all = await kills.list();
    if (options.json === true) print(inertJson({ kill_switches: all }));
    else printTable(killHeadings, all.map(killCells), 'Nothing is stopped.');
    return 0;
  });
}

/** `kill lift ID`. */
export function liftKill(options: KillOptions, [id = '']: readonly string[]): Promise<number> {
  return withKills(options, async (kills) => {
    const lifted = await kills.lift(id);
    if (options.json === true) print(inertJson(lifted));
    else print(`Lifted: ${killText(lifted)}`);
    return 0;
  });
}
