import { createRequire } from 'node:module';

type Polyfill = typeof import('temporal-polyfill');

let loaded: Polyfill['Temporal'] | undefined;

/** Temporal, loaded with the first use of it (4 MB): most gateways have no schedule and no budget of days. */
export function temporal(): Polyfill['Temporal'] {
  loaded ??= (createRequire(import.meta.url)('temporal-polyfill') as Polyfill).Temporal;
  return loaded;
}
