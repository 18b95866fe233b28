import { createStanding } from '../app/create-approvals.js';
import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { userName } from '../app/local-operator.js';
import { standingJson } from '../control/standing-json.js';
import { systemClock } from '../lib/clock.js';
import type { ApprovalOptions } from './approvals-at.js';
import { askGateway } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import { withLocalStore } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';
import { visibleText } from './visible-text.js';

export type ShownStanding = ReturnType<typeof standingJson>;

/** Where standing approvals are looked at and ended: the store of this machine, or a gateway. */
export interface StandingAt {
  list(limit: number): Promise<readonly ShownStanding[]>;
  /** Throws CliError where there is none, or it has ended. */
  revoke(id: string): Promise<ShownStanding>;
}

const tenant = 'default';

export async function withStanding<Result>(
  options: ApprovalOptions,
  use: (standing: StandingAt) => Promise<Result>,
): Promise<Result> {
  const { gateway } = options;
  if (gateway !== undefined)
    return use(atGateway(gateway.replace(/\/+$/, ''), await readGatewayKey(options.keyFile, 'an approver')));
  return withLocalStore(options, ({ store, config, log }) => {
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    const desk = createStanding({ store, trail, clock: systemClock });
    const by = { id: `cli:${userName()}`, credential: 'cli', tenant, roles: ['admin'], labels: {} } as const;
    return use({
      list: async (limit) => desk.list(tenant, limit).map(standingJson),
      async revoke(id) {
        const found = desk.find(id);
        if (found === undefined || found.tenant !== tenant)
          throw new CliError(`${visibleText(id)}: there is no such standing approval`);
        if (!(await desk.revoke(found, by))) throw new CliError(`${visibleText(id)}: is revoked already`);
        return standingJson(desk.find(id) ?? found);
      },
    });
  });
}

function atGateway(base: string, key: string): StandingAt {
  const path = '/v1/standing-approvals';
  return {
    async list(limit) {
      const answer = await askGateway({ base, path: `${path}?limit=${limit}`, key });
      return (answer as { standing_approvals: ShownStanding[] }).standing_approvals;
    },
    async revoke(id) {
      const one = `${path}/${encodeURIComponent(id)}`;
      return (await askGateway({ base, path: one, key, method: 'DELETE' })) as ShownStanding;
    },
  };
}
