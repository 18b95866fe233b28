import type { ChannelConfig } from '#contract';
import { stateOfKey } from '../identity/key-ring.js';
import type { Clock } from '../lib/clock.js';
import type { Principal } from '../model/principal.js';
import type { KeyRow, KeyTable } from '../store/key-table.js';
import type { EffectiveConfig } from './config/effective-config.js';

export interface PeopleSources {
  readonly keys: Pick<KeyTable, 'list'>;
  readonly clock: Clock;
  readonly config: () => EffectiveConfig;
  /** Of the channel. */
  readonly tenant: string;
}

type People = Extract<ChannelConfig, { readonly people: object }>['people'];

/**
 * As whom a person of a channel may answer now: those with keys and tokens as these are when they answer, one for each;
 * nobody for one who is not named. Read anew each time, so that a role that was taken away counts no more.
 */
export function peopleOf(
  people: People,
  sources: PeopleSources,
): (person: string) => Promise<readonly Principal[]> {
  return async (person) => {
    const named = Object.hasOwn(people, person) ? people[person] : undefined;
    if (named === undefined) return [];
    if (typeof named === 'string') return principalsNamed(named, sources);
    const { principal, roles, labels } = named;
    return [{ id: principal, credential: `person:${principal}`, tenant: sources.tenant, roles, labels }];
  };
}

async function principalsNamed(
  name: string,
  { keys, clock, config }: PeopleSources,
): Promise<readonly Principal[]> {
  const now = clock.now();
  const isGood = (row: KeyRow) => row.principal === name && stateOfKey(row, now) === 'active';
  const ofKeys = (await keys.list()).filter(isGood);
  const ofTokens = config().auth.tokens.filter(({ principal }) => principal === name);
  return [
    ...ofKeys.map(({ id, tenant, roles, labels }) => ({
      id: name,
      credential: `key:${id}`,
      tenant,
      roles,
      labels,
    })),
    ...ofTokens.map(({ tenant, roles, labels = {} }) => {
      return { id: name, credential: `token:${name}`, tenant, roles, labels };
    }),
  ];
}
