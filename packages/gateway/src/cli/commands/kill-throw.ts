import { inertJson } from '../../lib/inert-text.js';
import type { KillScope } from '../../model/kill-switch.js';
import { CliError } from '../cli-error.js';
import { killText } from '../format-kill.js';
import { type KillOptions, withKills } from '../kills-at.js';
import { print, say } from '../terminal.js';

interface ThrowOptions extends KillOptions {
  readonly reason: string;
  readonly tenant?: string;
}

const longest = 1024;

/** `kill all`. */
export function killAll(options: ThrowOptions): Promise<number> {
  return throwSwitch(options, 'all', '');
}

/** `kill principal NAME`. */
export function killPrincipal(options: ThrowOptions, [name = '']: readonly string[]): Promise<number> {
  return throwSwitch(options, 'principal', name);
}

/** `kill tool NAME`. */
export function killTool(options: ThrowOptions, [name = '']: readonly string[]): Promise<number> {
  return throwSwitch(options, 'tool', name);
}

/** `kill upstream ID`. */
export function killUpstream(options: ThrowOptions, [name = '']: readonly string[]): Promise<number> {
  return throwSwitch(options, 'upstream', name);
}

function throwSwitch(options: ThrowOptions, scope: KillScope, name: string): Promise<number> {
  const { reason, tenant, json } = options;
  if (scope !== 'all' && name === '') throw new CliError(`kill ${scope}: expected a name`, 2);
  for (const text of [reason, name, tenant ?? ''])
    if (text.length > longest) throw new CliError(`expected at most ${longest} characters`, 2);
  return withKills(options, async (kills) => {
    const thrown = await kills.throwSwitch({ scope, name, reason, tenant });
    if (json === true) print(inertJson(thrown));
    else print(killText(thrown));
    say('Gateways that run on this store know of it within a second.');
    return 0;
  });
}
