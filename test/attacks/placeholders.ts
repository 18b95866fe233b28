import { randomBytes, randomUUID } from 'node:crypto';

/** The gateway under test in the words of the corpus. */
export interface Names {
  readonly host: string;
  readonly port: number;
  readonly originHost: string;
  /** A host that nobody must ever ask. */
  readonly canaryHost: string;
  /** By placeholder, for example KEY_A and SECRET_PAY. */
  readonly secrets: Readonly<Record<string, string>>;
}

const separator = '__';

/** Replaces the placeholders of the corpus, innermost first; what it does not know stays as it is. */
export class Placeholders {
  readonly #names: Names;
  /** Values of this case, for example `RANDKEY:x` or `saved:s.header.Mcp-Session-Id`. */
  readonly #random = new Map<string, string>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** `lookup` answers what belongs to the moment: loop counters, saved values, parts. */
  expand(text: string, lookup: (name: string) => string | undefined = () => undefined): string {
    const kept: string[] = [];
    let expanded = text;
    for (;;) {
      const next = expanded.replace(/\{\{([^{}]*)\}\}/g, (whole, name: string) => {
        const value = lookup(name) ?? this.#value(name);
        if (value !== undefined) return value;
        // A literal payload is set aside, so that the search for what surrounds it goes on.
        return `\uE000${kept.push(whole) - 1}\uE001`;
      });
      if (next === expanded) break;
      expanded = next;
    }
    while (/\uE000\d+\uE001/.test(expanded)) {
      expanded = expanded.replace(/\uE000(\d+)\uE001/g, (_, index: string) => kept[Number(index)] ?? '');
    }
    return expanded;
  }

  #value(name: string): string | undefined {
    const { host, port, originHost, canaryHost, secrets } = this.#names;
    const fixed: Record<string, string> = {
      MCP_PATH: '/mcp',
      ADMIN_PATH: '/v1',
      HOST: `${host}:${port}`,
      PORT: String(port),
      ORIGIN_HOST: originHost,
      'ORIGIN_HOST^': originHost.toUpperCase(),
      CANARY_HOST: canaryHost,
      // The service on this machine that nobody may be led to; it counts who comes.
      INTERNAL_PORT: canaryHost.split(':')[1] ?? '',
      INTERNAL_MARK: 'internal-mark',
      // A zone of names that nobody knows.
      DNS_ZONE: 'attack.invalid',
      SEP: separator,
    };
    if (Object.hasOwn(fixed, name)) return fixed[name];
    const [kind = '', ...rest] = name.split(':');
    const argument = rest.join(':');
    const secret = secrets[kind];
    if (secret !== undefined) return vary(secret, argument);
    if (name === 'UUID') return randomUUID();
    if (name === 'RANDKEY') return randomBytes(32).toString('base64url');
    return this.#derived(kind, argument);
  }

  #derived(kind: string, argument: string): string | undefined {
    switch (kind) {
      case 'T':
        return exposedName(argument);
      case 'T^':
        return exposedName(argument).toUpperCase();
      case 'T1^':
        return exposedName(argument).replace(/^./, (first) => first.toUpperCase());
      case 'Tsub':
        return substitute(argument);
      case 'Tpfx':
        return `${argument}${separator}`;
      case 'UPSTREAM_PATH':
        return `/mcp/${argument}`;
      case 'b64':
        return Buffer.from(argument, 'utf8').toString('base64');
      case 'REPEAT':
        return repeat(argument);
      case 'INDEX_MEMBERS':
        return Array.from({ length: Number(argument) }, (_, index) => `"${index}":0`).join(',');
      case 'RANDKEY':
        return this.#once(`RANDKEY:${argument}`);
      default:
        return undefined;
    }
  }

  #once(name: string): string {
    const value = this.#random.get(name) ?? randomBytes(32).toString('base64url');
    this.#random.set(name, value);
    return value;
  }
}

function exposedName(target: string): string {
  return target.replace('.', separator);
}

function substitute(argument: string): string {
  const [target = '', from = '', to = ''] = argument.split('|');
  return exposedName(target).replaceAll(from, to);
}

function repeat(argument: string): string {
  const colon = argument.lastIndexOf(':');
  return argument.slice(0, colon).repeat(Number(argument.slice(colon + 1)));
}

function vary(secret: string, how: string): string | undefined {
  const half = Math.floor(secret.length / 2);
  switch (how) {
    case '':
      return secret;
    case 'first_half':
      return secret.slice(0, half);
    case 'second_half':
      return secret.slice(half);
    case 'flip_last':
      return secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A');
    case 'swapcase':
      return secret.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
    default:
      return undefined;
  }
}

/** A name as revision 2026-07-28 writes it into a header; `x` for what is no string. */
export function nameHeaderOf(body: string): string {
  let name: unknown;
  try {
    name = JSON.parse(body).params.name;
  } catch {
    return 'x';
  }
  if (typeof name !== 'string') return 'x';
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(name) && !/^=\?.*\?=$/.test(name);
  return plain ? name : `=?base64?${Buffer.from(name, 'utf8').toString('base64')}?=`;
}
