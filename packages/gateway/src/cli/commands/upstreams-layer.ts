import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { under } from '../../app/layer/problem-paths.js';
import { readUpstream } from '../../app/layer/read-upstream.js';
import { withLayer } from '../../app/layer/with-layer.js';
import { inertJson } from '../../lib/inert-text.js';
import { isJsonObject, JsonFault, parseJson } from '../../lib/json/parse-json.js';
import type { JsonObject } from '../../model/json.js';
import { askGateway } from '../ask-gateway.js';
import { CliError } from '../cli-error.js';
import { withUpstreams } from '../connect-upstreams.js';
import { editIn, type LayerOptions, withLayerAt } from '../layer-at.js';
import { withLocalStore } from '../local-store.js';
import { readGatewayKey } from '../read-gateway-key.js';
import { readHeaders } from '../read-headers.js';
import { print, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

interface AddOptions extends LayerOptions {
  readonly header: readonly string[];
  readonly settings: string;
}

const kind = 'upstream';
const patienceMs = 60_000;

/** `upstreams add ID URL`. */
export function addUpstream(options: AddOptions, [id = '', url = '']: readonly string[]): Promise<number> {
  const settings = settingsIn(url, options);
  return withLayerAt({ ...options, mayCreate: true }, async (layer) => {
    const made = await layer.put({ kind, name: id }, settings, editIn(options));
    if (options.json === true) print(inertJson(made));
    else print(`upstream ${visibleText(id)}: version ${made.version}, ${made.revision}`);
    if (options.gateway === undefined) say('Gateways that run on this store follow within a second.');
    return 0;
  });
}

/** `upstreams remove ID`. */
export function removeUpstream(options: LayerOptions, [id = '']: readonly string[]): Promise<number> {
  return withLayerAt(options, async (layer) => {
    await layer.remove({ kind, name: id }, editIn(options));
    say(`upstream ${visibleText(id)} is no longer there`);
    return 0;
  });
}

interface Tested {
  readonly state: string;
  readonly reason?: string;
  readonly revision?: string;
  readonly tools: readonly string[];
  readonly prompts: readonly string[];
  readonly resources: readonly string[];
}

/** `upstreams test ID [URL]`: 1 where the server does not come up. */
export async function testUpstream(options: AddOptions, [id = '', url]: readonly string[]): Promise<number> {
  const settings = url === undefined ? undefined : settingsIn(url, options);
  const found =
    options.gateway === undefined
      ? await testedHere(options, id, settings)
      : await testedThere(options.gateway, options, { id, settings });
  if (options.json === true) print(inertJson({ id, ...found }));
  else for (const line of linesOf(id, found)) print(visibleText(line));
  return found.state === 'up' ? 0 : 1;
}

function linesOf(id: string, { state, reason, revision, ...offer }: Tested): string[] {
  const { tools, prompts, resources } = offer;
  const said = reason ?? (revision === undefined ? undefined : `speaks ${revision}`);
  const lists = Object.entries({ tools, prompts, resources }).filter(([, names]) => names.length > 0);
  return [
    `${id}: ${state}${said === undefined ? '' : `, ${said}`}`,
    ...lists.map(([what, names]) => `${what}: ${names.join(', ')}`),
  ];
}

/** Whoever may run a program here may have those of the file started. */
function testedHere(options: AddOptions, id: string, settings: JsonObject | undefined): Promise<Tested> {
  return withLocalStore({ ...options, mayCreate: true }, ({ store, config }) => {
    const whole = withLayer(config, store.layer.current());
    return withUpstreams(only(whole, id, settings), (upstreams): Tested => {
      const [status] = upstreams.status();
      const { tools, prompts, resources } = upstreams.known();
      const namesOf = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name);
      return {
        state: status?.state ?? 'down',
        ...(status?.reason !== undefined && { reason: status.reason }),
        ...(status?.revision !== undefined && { revision: status.revision }),
        tools: namesOf(tools),
        prompts: namesOf(prompts),
        resources: namesOf(resources),
      };
    });
  });
}

function only(config: EffectiveConfig, id: string, settings: JsonObject | undefined): EffectiveConfig {
  if (settings !== undefined) {
    const read = under(`upstreams.${id}`, () => readUpstream(id, settings, config));
    return { ...config, upstreams: { [id]: read }, fromApi: { rules: {}, upstreams: { [id]: 'default' } } };
  }
  const found = config.upstreams[id];
  if (found !== undefined) return { ...config, upstreams: { [id]: { ...found, enabled: true } } };
  throw new CliError(`${id}: there is no such upstream; "sallyport upstreams list" shows all`);
}

interface Wanted {
  readonly id: string;
  readonly settings: JsonObject | undefined;
}

async function testedThere(
  gateway: string,
  { keyFile }: LayerOptions,
  { id, settings = {} }: Wanted,
): Promise<Tested> {
  const base = gateway.replace(/\/+$/, '');
  const key = await readGatewayKey(keyFile, 'an operator');
  const path = `/v1/upstreams/${encodeURIComponent(id)}/test`;
  const found = (await askGateway({ base, path, key, post: settings, timeoutMs: patienceMs })) as Tested;
  if (Array.isArray(found.tools) && typeof found.state === 'string') return found;
  throw new CliError(`${base}: found no test in the answer of the gateway; is it of another version?`);
}

function settingsIn(url: string, { header, settings }: AddOptions): JsonObject {
  const headers = readHeaders(header);
  return { url, ...(header.length > 0 && { headers }), ...moreIn(settings) };
}

function moreIn(text: string): JsonObject {
  const expected = 'expected a JSON object such as {"timeoutSeconds": 5}';
  try {
    const { value } = parseJson(text);
    if (isJsonObject(value)) return value;
    throw new CliError(`--settings: found ${JSON.stringify(text)}; ${expected}`, 2);
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    throw new CliError(`--settings: ${fault.message}; ${expected}`, 2);
  }
}
