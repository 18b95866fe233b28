import type { Vote } from '../model/hold.js';
import type { Principal } from '../model/principal.js';
import type { Store } from '../store/open-store.js';
import { channelName } from './create-channels.js';
import { type CallerSources, currentCaller } from './current-caller.js';

export interface VoterSources extends Omit<CallerSources, 'store' | 'liveTokens'> {
  readonly store: Pick<Store, 'keys' | 'kills' | 'signIns'>;
}

/** Where people prove to the gateway itself who they are. */
const ownPlaces = ['page', 'rest', 'cli', 'console'];
const noTokens = { find: () => undefined };

/**
 * Who gave an answer, as keys, configuration and kill switches are now; undefined for somebody who may do nothing any
 * more. Of whoever signed in elsewhere nobody knows what became of them since: they count as they were let in.
 */
export function voterNow(sources: VoterSources) {
  const known = currentCaller({ ...sources, liveTokens: noTokens });
  return ({ by, credential = '', channel }: Vote, tenant: string): Principal | undefined | 'unknown' => {
    const kills = sources.store.kills.list();
    const isStopped = kills.some(
      (one) =>
        (one.tenant === tenant || one.tenant === '*') &&
        (one.scope === 'all' || (one.scope === 'principal' && one.name === by)),
    );
    if (isStopped) return undefined;
    if (/^(key|token):/.test(credential)) return known({ id: by, credential });
    return credential.startsWith('person:') ? personOf(sources, { by, channel, tenant }) : 'unknown';
  };
}

/** Somebody whom only a channel knows, as its entry in the configuration says now. */
function personOf(
  { config }: VoterSources,
  { by, channel, tenant }: Pick<Vote, 'by' | 'channel'> & { readonly tenant: string },
): Principal | undefined | 'unknown' {
  if (ownPlaces.includes(channel)) return 'unknown';
  const { channels = [] } = config().approvals;
  const entry = channels.find((one) => channelName(one) === channel && one.tenant === tenant);
  if (entry === undefined || !('people' in entry)) return undefined;
  const person = Object.values(entry.people).find((one) => typeof one === 'object' && one.principal === by);
  if (typeof person !== 'object') return undefined;
  return { id: by, credential: `person:${by}`, tenant, roles: person.roles, labels: person.labels };
}
