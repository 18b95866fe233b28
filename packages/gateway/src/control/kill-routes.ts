import { killListSchema, killOrderSchema, killSwitchSchema } from '#contract';
import type { KillSwitches } from '../limits/kill-switches.js';
import type { Log } from '../model/log.js';
import { killJson } from './kill-json.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

type Kills = Pick<KillSwitches, 'list' | 'throwSwitch' | 'lift'>;

export interface KillSource {
  readonly kills: Kills;
  readonly log: Log;
}

const path = '/v1/kill-switches';
const operators = ['operator', 'admin'] as const;

/** `/v1/kill-switches`: what is stopped, and how that begins and ends. */
export function killRoutes({ kills, log }: KillSource): Route[] {
  return [
    route(
      {
        method: 'get',
        path,
        id: 'listKillSwitches',
        resource: 'kill',
        summary: 'Everything that is stopped',
        access: ['auditor', ...operators],
        replies: { 200: killListSchema },
      },
      ({ principal }) => {
        const all = kills.list(principal.tenant).map(killJson);
        return { status: 200, body: { count: all.length, kill_switches: all } };
      },
    ),
    route(
      {
        method: 'post',
        path,
        id: 'throwKillSwitch',
        resource: 'kill',
        summary: 'Stops calls at once, whatever the rules say',
        description: 'What is stopped already stays as it is, and is the answer.',
        access: operators,
        body: killOrderSchema,
        replies: { 200: killSwitchSchema },
        problems: ['forbidden', 'stopped_unrecorded'],
      },
      async ({ principal, body: { scope, name = '', reason } }) => {
        const { tenant, id: by } = principal;
        const thrown = await kills
          .throwSwitch({ tenant, scope, name, reason, by })
          .catch((cause: unknown) => {
            log.error({ err: cause }, 'a kill switch could not be recorded or kept');
            throw new Problem(
              'stopped_unrecorded',
              'Look which switches stand: this one may, without a record.',
            );
          });
        return { status: 200, body: killJson(thrown) };
      },
    ),
    liftRoute({ kills, log }),
  ];
}

function liftRoute({ kills, log }: KillSource): Route {
  return route(
    {
      method: 'delete',
      path: `${path}/{id}`,
      id: 'liftKillSwitch',
      resource: 'kill',
      summary: 'Lets calls pass again',
      access: operators,
      replies: { 200: killSwitchSchema },
      problems: ['not_found', 'forbidden', 'unrecorded'],
    },
    async ({ principal, params: { id } }) => {
      const known = kills.list(principal.tenant).find((one) => one.id === id);
      if (known === undefined) throw new Problem('not_found', 'There is no such kill switch.');
      if (known.tenant !== principal.tenant)
        throw new Problem('forbidden', 'It is of every tenant, and lifted on the machine of the gateway.');
      const lifted = await kills.lift(id, principal.id).catch((cause: unknown) => {
        log.error({ err: cause }, 'the end of a kill switch could not be recorded');
        throw new Problem('unrecorded', 'The switch stands.', { retryAfterSeconds: 5 });
      });
      if (lifted === undefined) throw new Problem('not_found', 'There is no such kill switch.');
      return { status: 200, body: killJson(lifted) };
    },
  );
}
