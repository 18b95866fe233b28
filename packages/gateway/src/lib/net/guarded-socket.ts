import { lookup } from 'node:dns';
import { connect, isIP, type LookupFunction, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AddressRules } from './address-rules.js';

const probeIdleMs = 60_000;

/** A socket on its way, and the event by which it says that it has arrived. */
export type OpenedSocket = readonly [socket: Socket, arrived: 'connect' | 'secureConnect'];

/**
 * A connection to the host of a URL, with TLS for https. Its name is resolved once, every address of it must be allowed,
 * and the connection goes to one of these. What is not allowed is an error of the socket, like any other that keeps it
 * from arriving.
 */
export function openGuardedSocket({ protocol, hostname, port }: URL, addresses: AddressRules): OpenedSocket {
  const secure = protocol === 'https:';
  const arrived = secure ? 'secureConnect' : 'connect';
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const isLiteral = isIP(host) !== 0;
  // Nobody is asked for the address of an address.
  const why = isLiteral ? addresses.whyNot(host) : undefined;
  if (why !== undefined) return [new Socket().destroy(new Error(why)), arrived];
  const to = {
    host,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    lookup: guardedLookup(addresses),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: probeIdleMs,
  };
  if (!secure) return [connect(to), arrived];
  return [connectTls(isLiteral ? to : { ...to, servername: host }), arrived];
}

function guardedLookup(addresses: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const why = found?.map(({ address }) => addresses.whyNot(address)).find((words) => words !== undefined);
      const [first] = found ?? [];
      if (error !== null) callback(error, '');
      else if (why !== undefined) callback(new Error(`${hostname}: ${why}`), '');
      else if (options.all === true) callback(null, found);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}
