import { createKillSwitches } from '../app/create-guards.js';
import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { userName } from '../app/local-operator.js';
import { killJson } from '../control/kill-json.js';
import { systemClock } from '../lib/clock.js';
import type { KillSwitches } from '../limits/kill-switches.js';
import type { KillSwitch } from '../model/kill-switch.js';
import { askGateway } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import type { CommonOptions, JsonOption } from './common-options.js';
import { withLocalStore } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';
import { visibleText } from './visible-text.js';

export interface KillOptions extends CommonOptions, JsonOption {
  readonly gateway?: string;
  readonly keyFile?: string;
}

/** A kill switch as `/v1/kill-switches` shows it. */
export type ShownKill = ReturnType<typeof killJson>;

export type WantedKill = Pick<KillSwitch, 'scope' | 'name' | 'reason'> & {
  readonly tenant?: string | undefined;
};

/** Where calls are stopped: on the store of this machine, or by a gateway. */
export interface KillsAt {
  list(): Promise<readonly ShownKill[]>;
  throwSwitch(wanted: WantedKill): Promise<ShownKill>;
  /** Throws CliError where there is none. */
  lift(id: string): Promise<ShownKill>;
}

const usualTenant = 'default';

/** Opens what the options mean for as long as `use` takes. */
export async function withKills<Result>(
  { gateway, keyFile, ...options }: KillOptions,
  use: (kills: KillsAt) => Promise<Result>,
): Promise<Result> {
  if (gateway !== undefined) return use(atGateway(gateway, await readGatewayKey(keyFile, 'an operator')));
  return withLocalStore(options, ({ store, config, log }) => {
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    return use(atStore(createKillSwitches({ store, trail, clock: systemClock, log })));
  });
}

/** Whoever may write the store of a gateway may stop it; the record says who they are on this machine. */
function atStore(kills: KillSwitches): KillsAt {
  const by = `cli:${userName()}`;
  return {
    list: async () => kills.list().map(killJson),
    throwSwitch: async ({ tenant = usualTenant, ...wanted }) =>
      killJson(await kills.throwSwitch({ ...wanted, tenant, by })),
    async lift(id) {
      const lifted = await kills.lift(id, by);
      if (lifted !== undefined) return killJson(lifted);
      throw new CliError(`${visibleText(id)}: there is no such kill switch; "sallyport kill list" shows all`);
    },
  };
}

function atGateway(url: string, key: string): KillsAt {
  const base = url.replace(/\/+$/, '');
  const path = '/v1/kill-switches';
  const one = async (question: object): Promise<ShownKill> => {
    const answer = await askGateway({ base, path, key, ...question });
    if (isShown(answer)) return answer;
    throw new CliError(`${base}: found no kill switch in the answer of the gateway`);
  };
  return {
    async list() {
      const { kill_switches: all } = (await askGateway({ base, path, key })) as { kill_switches?: unknown };
      if (Array.isArray(all) && all.every(isShown)) return all;
      throw new CliError(`${base}: found no list of kill switches in the answer of the gateway`);
    },
    throwSwitch({ tenant, scope, name, reason }) {
      if (tenant !== undefined)
        throw new CliError('--tenant: over a gateway the tenant is that of the key', 2);
      return one({ post: { scope, reason, ...(scope === 'all' ? {} : { name }) } });
    },
    lift: (id) => one({ path: `${path}/${encodeURIComponent(id)}`, method: 'DELETE' }),
  };
}

function isShown(value: unknown): value is ShownKill {
  const kill = value as Partial<Record<keyof ShownKill, unknown>> | null;
  const texts = ['id', 'tenant', 'scope', 'reason', 'by', 'at'] as const;
  return typeof kill === 'object' && kill !== null && texts.every((name) => typeof kill[name] === 'string');
}
