import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressRules } from '../../lib/net/address-rules.js';

/** Resolves names for connections that may go to public addresses and the named ones only; all of a name must be. */
export function guardedLookup(addresses: readonly string[]): LookupFunction {
  const rules = addressRules(addresses);
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const why = found?.map(({ address }) => rules.whyNot(address)).find((words) => words !== undefined);
      const [first] = found ?? [];
      if (error !== null) callback(error, '');
      else if (why !== undefined) callback(new Error(`${hostname}: ${why}`), '');
      else if (options.all === true) callback(null, found);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}
