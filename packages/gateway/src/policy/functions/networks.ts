import { BlockList, isIP } from 'node:net';
import { remembered } from './remembered.js';

export class NetworkFault extends Error {}

/** A range of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address. */
export interface Network {
  has(address: string): boolean;
}

/** Throws NetworkFault for what is no range. */
export const parseNetwork = remembered(createNetwork);

function createNetwork(text: string): Network {
  const [address = '', bits, ...more] = text.split('/');
  const family = familyOf(address);
  const most = family === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === undefined || more.length > 0 || !(length <= most)) {
    throw new NetworkFault('is no network such as "10.0.0.0/8" or "2001:db8::/32"');
  }
  const list = new BlockList();
  list.addSubnet(address, length, family);
  return {
    /** Throws NetworkFault for what is no address in full: `127.1` and `0x7f000001` mean different things to programs. */
    has(found) {
      const foundFamily = familyOf(found);
      if (foundFamily === undefined) throw new NetworkFault('is no IP address');
      return list.check(found, foundFamily);
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (address.includes('%')) return undefined;
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
