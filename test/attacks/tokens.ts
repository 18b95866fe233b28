import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** A token as a case describes it. */
export interface TokenSpec {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** With which key, or how else. */
  readonly sign: string;
  readonly post?: string;
}

/** The keys of the fixture: that of the issuer, and one of an attacker. */
const keys: Readonly<Record<string, KeyObject>> = {
  'idp-1': generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'attacker-1': generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

/** The public key of `name` as JWK. */
export function publicJwk(name: string): object {
  return { ...publicKey(name).export({ format: 'jwk' }), kid: name, use: 'sig', alg: 'RS256' };
}

/** The token of a case; `expand` replaces placeholders. */
export function makeToken(
  { header, claims, sign: how, post }: TokenSpec,
  expand: (text: string) => string,
): string {
  const head = part(writeMembers(header, expand));
  const body = part(writeMembers(claims, expand));
  const signature = post === 'strip_signature' ? '' : signed(`${head}.${body}`, how);
  return `${head}.${body}.${signature}`;
}

function part(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** `raw-dup:` writes a member once for each of its values, which no JSON writer does. */
function writeMembers(members: Readonly<Record<string, unknown>>, expand: (text: string) => string): string {
  const texts = Object.entries(members).flatMap(([name, value]) => {
    const [, list] = /^raw-dup:(.*)$/s.exec(String(value)) ?? [];
    const values =
      list === undefined ? [valueText(value, expand)] : (JSON.parse(expand(list)) as unknown[]).map(textOf);
    return values.map((text) => `${JSON.stringify(name)}:${text}`);
  });
  return `{${texts.join(',')}}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

/** `now+N` is a time, a value in quotes a text, `raw:` stands as it is. */
function valueText(value: unknown, expand: (text: string) => string): string {
  if (typeof value !== 'string') return expand(textOf(value));
  const [, sign, seconds] = /^now([+-])(\d+)$/.exec(value) ?? [];
  if (seconds !== undefined) {
    const offset = sign === '-' ? -Number(seconds) : Number(seconds);
    return String(Math.floor(Date.now() / 1000) + offset);
  }
  if (value.startsWith('raw:')) return expand(value.slice(4));
  return value.startsWith('"') ? value : textOf(expand(value));
}

function signed(text: string, how: string): string {
  const key = keys[how];
  if (key !== undefined) return sign('sha256', Buffer.from(text), key).toString('base64url');
  const [kind = '', argument = ''] = splitAt(how);
  if (kind === 'none') return '';
  if (kind === 'zero') return Buffer.alloc(Number(argument)).toString('base64url');
  if (kind === 'hmac') return createHmac('sha256', secretOf(argument)).update(text).digest('base64url');
  throw new Error(`no key is ${how}`);
}

function splitAt(how: string): string[] {
  const colon = how.indexOf(':');
  return colon < 0 ? [how] : [how.slice(0, colon), how.slice(colon + 1)];
}

/** `jwk(idp-1.pub)` and `pem(idp-1.pub)` are texts of public keys, anything else is itself. */
function secretOf(argument: string): string {
  const [, form, name = ''] = /^(jwk|pem|spki)\(([\w-]+)\.pub\)$/.exec(argument) ?? [];
  if (form === undefined) return argument;
  if (form === 'jwk') return JSON.stringify(publicJwk(name));
  return publicKey(name).export({ type: 'spki', format: 'pem' }).toString();
}

function publicKey(name: string): KeyObject {
  const key = keys[name];
  if (key === undefined) throw new Error(`there is no key ${name}`);
  return createPublicKey(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })));
}
