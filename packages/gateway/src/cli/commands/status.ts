import pc from 'picocolors';
import { loadConfig } from '../../app/config/load-config.js';
import { inertJson } from '../../lib/inert-text.js';
import { askGateway, baseOf, isGateway, operatorUrl } from '../ask-gateway.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions } from '../common-options.js';
import type { GatewayOptions } from '../gateway-options.js';
import { readGatewayKey } from '../read-gateway-key.js';
import { print } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** What `/v1/status` tells. */
interface Status {
  readonly version: string;
  readonly uptime_seconds: number;
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
  readonly upstreams: Readonly<Record<string, number>>;
  readonly journal: { readonly lag_bytes: number };
  readonly holds: { readonly pending: number };
  readonly keys: Readonly<Record<string, number>>;
  readonly pins: { readonly waiting: number };
}

/** `status`: how the gateway is that runs; exit code 1 when it is not ready, so that a script can wait for it. */
export async function showStatus(options: CommonOptions & JsonOption & GatewayOptions): Promise<number> {
  const base = await addressOf(options);
  if (!(await isGateway(base))) throw new CliError(`${base}: no gateway answers there`);
  const key = await readGatewayKey(options.keyFile, 'an auditor or operator');
  const status = (await askGateway({ base, path: '/v1/status', key })) as Status;
  if (options.json === true) print(inertJson(status));
  else for (const line of linesOf(status)) print(line);
  return status.ready ? 0 : 1;
}

async function addressOf(options: CommonOptions & GatewayOptions): Promise<string> {
  if (options.gateway !== undefined) return baseOf(options.gateway);
  const base = operatorUrl(await loadConfig(loadOptions(options)));
  if (base !== undefined) return base;
  throw new CliError('the gateway takes a free port; name it with --gateway', 2);
}

function linesOf(status: Status): string[] {
  const { version, uptime_seconds: seconds, ready, checks, upstreams, holds, keys, pins, journal } = status;
  const state = ready ? pc.green('ready') : pc.red('not ready');
  return [
    `Sallyport ${visibleText(version)}, ${state}, up for ${Math.floor(seconds)} s`,
    ...Object.entries(checks).map(([name, { ok, reason }]) =>
      visibleText(`  ${ok ? 'ok ' : 'no '} ${name}${reason === undefined ? '' : `: ${reason}`}`),
    ),
    `upstreams: ${countsText(upstreams)}`,
    `keys: ${countsText(keys)}`,
    `held calls: ${holds.pending}; definitions that wait: ${pins.waiting}`,
    `records that queries do not see yet: ${journal.lag_bytes} bytes`,
  ];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts).map(([state, count]) => `${count} ${visibleText(state)}`);
  return words.length === 0 ? 'none' : words.join(', ');
}
