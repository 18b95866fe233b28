import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { keyRecorder } from '../app/key-record.js';
import { openPepper } from '../app/pepper.js';
import { KeyFault, KeyRing } from '../identity/key-ring.js';
import { systemClock } from '../lib/clock.js';
import { CliError } from './cli-error.js';
import { type StoreOptions, withLocalStore } from './local-store.js';

/** Opens the keys of the store that the options mean, for as long as `use` takes. */
export function withKeyRing<Result>(
  options: StoreOptions,
  use: (ring: KeyRing) => Promise<Result>,
): Promise<Result> {
  return withLocalStore(options, ({ store, config, log }) => {
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    const record = keyRecorder(trail, { by: 'cli' });
    const pepper = openPepper(store);
    return use(new KeyRing({ keys: store.keys, pepper, clock: systemClock, record })).catch(inPlainWords);
  });
}

function inPlainWords(cause: unknown): never {
  if (cause instanceof KeyFault) throw new CliError(cause.message);
  throw cause;
}
