import { type AddressRules, addressRules } from './address-rules.js';
import { GuardedClient } from './guarded-client.js';

/** A place that the configuration names, and what it says of the way there. */
export interface Destination {
  readonly url: string;
  /** Addresses and ranges besides public ones. */
  readonly addresses?: readonly string[];
  /** The URL may begin with http:// although the place is not on this machine. */
  readonly plainHttp?: boolean;
}

/** The addresses of this machine itself. */
export const thisMachine = ['127.0.0.0/8', '::1'];

/** Whether a URL names this machine itself, for which nobody needs TLS. */
export function isThisMachine({ hostname }: URL): boolean {
  return /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(hostname);
}

/** The guarded client for one place; what is written as on this machine may be reached there, in plain http too. */
export function guardedClientFor({ url, addresses = [], plainHttp = false }: Destination): GuardedClient {
  const place = new URL(url);
  return new GuardedClient({
    addresses: addressesFor(place, addresses),
    plainOrigins: plainHttp || isThisMachine(place) ? [place.origin] : [],
  });
}

/** Public addresses, those named, and this machine's for what is written as on it. */
export function addressesFor(place: URL, named: readonly string[] = []): AddressRules {
  return addressRules(isThisMachine(place) ? [...named, ...thisMachine] : named);
}
