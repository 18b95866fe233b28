import { readFile } from 'node:fs/promises';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { systemClock } from '../../lib/clock.js';
import { inertJson } from '../../lib/inert-text.js';
import type { UpstreamDetails } from '../../model/upstream.js';
import { askGateway, isGateway, operatorUrl } from '../ask-gateway.js';
import { isOpen } from '../choose-pins.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions } from '../common-options.js';
import { upstreamHeadings, upstreamRows } from '../format-upstream.js';
import { hasStore } from '../local-store.js';
import { printTable } from '../print-table.js';
import { readStore } from '../read-store.js';
import { print, say } from '../terminal.js';

interface ListOptions extends CommonOptions, JsonOption {
  readonly url?: string;
  readonly keyFile?: string;
}

/** The name of the variable that holds the key of an operator or auditor. */
const keyVariable = 'SALLYPORT_KEY';

type Configured = Pick<UpstreamDetails, 'id' | 'transport'>;

/** `upstreams list`: what runs, from the gateway; where none can be asked, what is configured. */
export async function listUpstreams(options: ListOptions): Promise<number> {
  const config = await loadConfig(loadOptions(options));
  const { upstreams, note } = await running(config, options);
  const waiting = await waitingIn(config);
  if (note !== undefined) say(`note: ${note}`);
  if (options.json === true) {
    const source = upstreams === undefined ? 'configuration' : 'gateway';
    const listed: readonly Configured[] = upstreams ?? configured(config);
    print(inertJson({ source, upstreams: listed.map((one) => ({ ...one, waiting: waiting(one.id) })) }));
    return 0;
  }
  const now = systemClock.now();
  const rows =
    upstreams === undefined
      ? configured(config).map(({ id, transport }) => [id, 'configured', '-', transport])
      : upstreams.flatMap((upstream) => upstreamRows(upstream, waiting(upstream.id), now));
  const head = upstreams === undefined ? upstreamHeadings.slice(0, 4) : upstreamHeadings;
  printTable(head, rows, 'No upstream is configured.');
  return 0;
}

interface Running {
  readonly upstreams?: readonly UpstreamDetails[];
  /** Why the gateway was not asked. */
  readonly note?: string;
}

async function running(config: EffectiveConfig, { url, keyFile }: ListOptions): Promise<Running> {
  const base = url?.replace(/\/+$/, '') ?? operatorUrl(config);
  if (base === undefined)
    return { note: 'the gateway takes a free port; name it with --url to see what runs' };
  if (!(await isGateway(base))) {
    if (url !== undefined)
      throw new CliError(`--url: found ${JSON.stringify(url)}, where no gateway answers`);
    return { note: `no gateway answers at ${base}; this is what is configured` };
  }
  const key = await readKey(config, keyFile);
  if (key === undefined) {
    const remedy = `set ${keyVariable} or --key-file to a key with the role operator or auditor`;
    return { note: `a gateway runs at ${base}; to see what it runs, ${remedy}` };
  }
  const answer = (await askGateway({ base, path: '/v1/upstreams', key })) as { upstreams?: unknown };
  if (isDetailed(answer.upstreams)) return { upstreams: answer.upstreams };
  throw new CliError(`${base}/v1/upstreams: found no list of upstreams; is the gateway of another version?`);
}

function isDetailed(value: unknown): value is readonly UpstreamDetails[] {
  return Array.isArray(value) && value.every((one: UpstreamDetails) => Array.isArray(one.connections));
}

/** Never from an argument, which every user of the machine can read. */
async function readKey(
  { environment }: EffectiveConfig,
  keyFile: string | undefined,
): Promise<string | undefined> {
  if (keyFile === undefined) {
    const key = environment[keyVariable]?.trim();
    return key === '' ? undefined : key;
  }
  return readFile(keyFile, 'utf8').then(
    (text) => text.trim(),
    (cause: Error) => {
      throw new CliError(`--key-file: ${cause.message}`, 1, cause);
    },
  );
}

/** How many definitions of each upstream somebody has to decide on. */
async function waitingIn(config: EffectiveConfig): Promise<(id: string) => number> {
  if (!hasStore(config)) return () => 0;
  const open = await readStore(config, async ({ pins }) => pins.list().filter(isOpen));
  return (id) => open.filter(({ upstream }) => upstream === id).length;
}

function configured({ upstreams }: EffectiveConfig): Configured[] {
  return Object.entries(upstreams)
    .filter(([, { enabled }]) => enabled)
    .map(([id, upstream]) => ({ id, transport: 'url' in upstream ? 'http' : 'stdio' }));
}
