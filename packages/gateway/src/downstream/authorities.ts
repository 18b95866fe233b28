import type { AddressInfo } from 'node:net';

/** Who may be addressed (`Host`) and which web pages may ask (`Origin`); compared as whole strings. */
export interface Authorities {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

export interface ConfiguredAuthorities {
  /** `host` or `host:port` as clients send it, for example the public name behind a proxy. */
  readonly hosts?: readonly string[];
  /** `scheme://host[:port]`. */
  readonly origins?: readonly string[];
}

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];
const everyAddress = new Set(['0.0.0.0', '::']);

/** The loopback forms of the bound address, the bound address itself, and what is configured. */
export function authoritiesOf(address: AddressInfo, configured: ConfiguredAuthorities): Authorities {
  const names = new Set(loopbackHosts);
  if (!everyAddress.has(address.address)) {
    names.add(address.family === 'IPv6' ? `[${address.address}]` : address.address);
  }
  const own = [...names].flatMap((name) =>
    address.port === 80 ? [name, `${name}:80`] : [`${name}:${address.port}`],
  );
  const ownOrigins = loopbackHosts.map((name) =>
    address.port === 80 ? `http://${name}` : `http://${name}:${address.port}`,
  );
  return {
    hosts: new Set([...own, ...(configured.hosts ?? []).filter(isHostHeader).map(lowerCase)]),
    origins: new Set([...ownOrigins, ...(configured.origins ?? []).map(lowerCase)]),
  };
}

/** `uri-host [ ":" port ]` of RFC 9110, without user, path, query or fragment. */
export function isHostHeader(value: string): boolean {
  return /^(?:[a-z0-9._-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(value);
}

export function lowerCase(text: string): string {
  return text.toLowerCase();
}
