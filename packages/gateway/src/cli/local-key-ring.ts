import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { openPepper } from '../app/pepper.js';
import type { Trail } from '../audit/trail.js';
import { KeyFault, KeyRing, type KeySummary } from '../identity/key-ring.js';
import { systemClock } from '../lib/clock.js';
import type { RecordType } from '../model/record.js';
import { CliError } from './cli-error.js';
import { type LocalStore, type StoreOptions, withLocalStore } from './local-store.js';

/** The keys of the local store, and the trail that hears of every change before anybody else does. */
export interface KeyDesk {
  readonly ring: KeyRing;
  readonly record: (type: Extract<RecordType, `key.${string}`>, key: KeySummary) => Promise<void>;
}

/** Opens the keys of the store that the options mean, for as long as `use` takes. */
export function withKeyRing<Result>(
  options: StoreOptions,
  use: (desk: KeyDesk) => Promise<Result>,
): Promise<Result> {
  return withLocalStore(options, (local) => {
    const { keys } = local.store;
    const ring = new KeyRing({ keys, pepper: openPepper(local.store), clock: systemClock });
    const trail = trailOf(local);
    return use({ ring, record: (type, key) => trail.write(type, membersOf(key)) }).catch(inPlainWords);
  });
}

function membersOf({ id, principal, roles, tenant, grants, rotatedFrom }: KeySummary) {
  const from = rotatedFrom === undefined ? {} : { rotated_from: rotatedFrom };
  return {
    key: id,
    principal,
    roles: [...roles],
    tenant,
    by: 'cli',
    ...(grants && { scopes: [...grants] }),
    ...from,
  };
}

function trailOf({ store, config, log }: LocalStore): Trail {
  const content = () => contentPolicyOf(config);
  return createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
}

function inPlainWords(cause: unknown): never {
  if (cause instanceof KeyFault) throw new CliError(cause.message);
  throw cause;
}
