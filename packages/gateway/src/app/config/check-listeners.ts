import { isHostHeader } from '../../downstream/authorities.js';
import { describeValue } from './describe-value.js';
import { isLoopback } from './is-loopback.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

/** Listeners that nobody could use as they are meant, or that everybody could. */
export function checkListeners(raw: unknown): Finding[] {
  return [
    ...checkOpenListeners(raw),
    ...checkControlAddress(raw),
    ...checkEach(memberAt(raw, 'listen', 'allowedHosts'), 'allowedHosts', hostFault),
    ...checkEach(memberAt(raw, 'listen', 'allowedOrigins'), 'allowedOrigins', originFault),
  ];
}

function checkOpenListeners(raw: unknown): Finding[] {
  if (memberAt(raw, 'auth', 'mode') !== 'none') return [];
  return ['listen', 'control'].flatMap((name): Finding[] => {
    const host = memberAt(raw, name, 'host');
    if (typeof host !== 'string' || isLoopback(host)) return [];
    const found = JSON.stringify(host);
    const expected = 'a loopback address such as 127.0.0.1';
    const message = `found ${found} with auth.mode "none"; expected ${expected}; or set auth.mode to "keys"`;
    return [{ path: [name, 'host'], found, expected, message }];
  });
}

const usual = { host: '127.0.0.1', port: 7777 };
const everywhere = ['0.0.0.0', '::', '[::]'];

function checkControlAddress(raw: unknown): Finding[] {
  const control = { host: memberAt(raw, 'control', 'host'), port: memberAt(raw, 'control', 'port') };
  const listen = {
    host: memberAt(raw, 'listen', 'host') ?? usual.host,
    port: memberAt(raw, 'listen', 'port') ?? usual.port,
  };
  if (control.port === 0 || control.port !== listen.port || !meet(control.host, listen.host)) return [];
  const found = describeValue(control.port);
  const expected = 'a port of its own';
  const remedy = 'without "control" operators share the listener for agents';
  const message = `found ${found}, where agents connect already (listen.port); expected ${expected}; ${remedy}`;
  return [{ path: ['control', 'port'], found, expected, message }];
}

/** Whether two addresses cannot both be listened on with the same port. */
function meet(a: unknown, b: unknown): boolean {
  const hosts = [a, b].map((host) => (host === 'localhost' ? usual.host : host));
  return hosts[0] === hosts[1] || hosts.some((host) => everywhere.includes(String(host)));
}

type Fault = { readonly expected: string; readonly remedy?: string };

function checkEach(values: unknown, field: string, faultOf: (text: string) => Fault | undefined): Finding[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((value: unknown, index): Finding[] => {
    const fault = typeof value === 'string' && value !== '' ? faultOf(value) : undefined;
    if (fault === undefined) return [];
    const found = describeValue(value);
    const { expected, remedy } = fault;
    const message = `found ${found}; expected ${expected}${remedy === undefined ? '' : `; ${remedy}`}`;
    return [{ path: ['listen', field, index], found, expected, message }];
  });
}

function hostFault(text: string): Fault | undefined {
  if (isHostHeader(text)) return undefined;
  return { expected: 'a host or host:port, such as gateway.example or gateway.example:8443' };
}

/** Browsers send scheme, host and unusual port in lower case and nothing else, and whole texts are compared. */
function originFault(text: string): Fault | undefined {
  const expected = 'an origin: scheme://host or scheme://host:port, such as https://app.example';
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined) return { expected };
  const { host, origin, protocol } = parsed;
  // The origins of extensions and of apps have schemes that URL gives no origin for.
  const own = origin === 'null' && host !== '' ? `${protocol}//${host}` : origin;
  if (own === text.toLowerCase()) return undefined;
  return own === 'null' ? { expected } : { expected, remedy: `did you mean ${JSON.stringify(own)}?` };
}
