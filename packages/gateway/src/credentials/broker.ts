import type { Clock } from '../lib/clock.js';
import { type ConfiguredValue, Secret, type SecretReference } from '../model/secret.js';
import type { AttachedCredential } from '../model/upstream.js';
import { CredentialFault } from './credential-fault.js';
import type { SecretSource } from './secret-source.js';

const defaultTtlMs = 5_000;

/** Shorter values cannot be kept out of results: they would be found in ordinary text. */
const minLength = 8;

/** Where a value goes: a header takes visible ASCII only, a variable of a child takes anything but NUL. */
export type Destination = 'header' | 'variable';

export interface BrokerOptions {
  readonly sources: readonly SecretSource[];
  readonly clock: Clock;
  /** How long a value that was read may be used again. */
  readonly ttlMs?: number;
}

/**
 * Turns configured values into secrets at the moment of use. A reference is read once for all who ask at the same
 * time and kept for `ttlMs`; failures are not kept. Every fault is a CredentialFault.
 */
export class Broker {
  readonly #sources: ReadonlyMap<string, SecretSource>;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #values = new Map<SecretReference, Promise<Secret>>();
  readonly #listeners: ((secret: Secret) => void)[] = [];

  constructor(options: BrokerOptions) {
    this.#sources = new Map(options.sources.map((source) => [source.scheme, source]));
    this.#clock = options.clock;
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
  }

  /** `listener` hears each secret that is read, before anybody else gets it. */
  onValue(listener: (secret: Secret) => void): void {
    this.#listeners.push(listener);
  }

  /** The whole value, literal text and secrets joined. */
  async resolve(value: ConfiguredValue, destination: Destination = 'header'): Promise<Secret> {
    const [first] = value.parts;
    if (value.parts.length === 1 && typeof first === 'object') return this.#fit(first.secret, destination);
    const texts = value.parts.map(async (part) => {
      if (typeof part === 'object') return (await this.#fit(part.secret, destination)).reveal();
      checkDestination('literal text', part, destination);
      return part;
    });
    return new Secret((await Promise.all(texts)).join(''));
  }

  /** All values of a set of headers or variables, by name; the first fault fails the set. */
  async resolveAll(
    values: Readonly<Record<string, ConfiguredValue>>,
    destination: Destination = 'header',
  ): Promise<AttachedCredential> {
    const resolved = Object.entries(values).map(
      async ([name, value]) => [name, await this.resolve(value, destination)] as const,
    );
    return new Map(await Promise.all(resolved));
  }

  async #fit(reference: SecretReference, destination: Destination): Promise<Secret> {
    const secret = await this.#read(reference);
    checkDestination(reference, secret.reveal(), destination);
    return secret;
  }

  #read(reference: SecretReference): Promise<Secret> {
    const known = this.#values.get(reference);
    if (known !== undefined) return known;
    const reading = this.#readFresh(reference);
    this.#values.set(reference, reading);
    const forget = () => {
      if (this.#values.get(reference) === reading) this.#values.delete(reference);
    };
    const cancel = this.#clock.after(this.#ttlMs, forget);
    reading.catch(() => {
      cancel();
      forget();
    });
    return reading;
  }

  async #readFresh(reference: SecretReference): Promise<Secret> {
    const colon = reference.indexOf(':');
    const source = this.#sources.get(reference.slice(0, colon));
    if (source === undefined) {
      throw new CredentialFault(
        reference,
        `has no source; known are ${[...this.#sources.keys()].join(', ')}`,
      );
    }
    const value = await readFrom(source, reference, reference.slice(colon + 1));
    checkValue(reference, value);
    const secret = new Secret(value);
    for (const listener of this.#listeners) listener(secret);
    return secret;
  }
}

async function readFrom(source: SecretSource, reference: SecretReference, rest: string): Promise<string> {
  try {
    return await source.read(rest);
  } catch (error) {
    if (error instanceof CredentialFault) throw error;
    // A foreign error may quote the value, so neither its message nor the error itself goes on.
    throw new CredentialFault(reference, 'could not be read from its source');
  }
}

function checkValue(reference: SecretReference, value: string): void {
  if (value.trim() === '') throw new CredentialFault(reference, 'is empty; give it its value');
  if (value.trim() !== value) {
    throw new CredentialFault(reference, 'begins or ends with white space; remove it from the value');
  }
  if (value.length < minLength) {
    throw new CredentialFault(reference, `is shorter than ${minLength} characters; use a longer secret`);
  }
}

function checkDestination(reference: string, text: string, destination: Destination): void {
  if (destination === 'header' && /[^\t\x20-\x7e]/.test(text)) {
    throw new CredentialFault(
      reference,
      'holds a line break, control or non-ASCII character; a header takes visible ASCII only',
    );
  }
  if (text.includes('\0')) throw new CredentialFault(reference, 'holds a NUL character');
}
