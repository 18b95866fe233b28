import { describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.js';
import { Broker } from './broker.js';
import { parseConfiguredValue } from './configured-value.js';
import { CredentialFault } from './credential-fault.js';
import { hashOf } from './hash-of.js';
import type { SecretSource } from './secret-source.js';

class TurnedClock implements Clock {
  #now = 0;
  #waiting: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.#now + ms, run };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter((entry) => entry.at <= this.#now);
    this.#waiting = this.#waiting.filter((entry) => entry.at > this.#now);
    for (const entry of due) entry.run();
  }
}

function brokerWith(values: Record<string, string | (() => Promise<string>)>) {
  const clock = new TurnedClock();
  const reads: string[] = [];
  const source: SecretSource = {
    scheme: 'env',
    async read(rest) {
      reads.push(rest);
      const value = values[rest];
      if (value === undefined) throw new CredentialFault(`env:${rest}`, 'is not set');
      return typeof value === 'function' ? value() : value;
    },
  };
  return { broker: new Broker({ sources: [source], clock }), clock, reads, values };
}

const bearer = parseConfiguredValue(`Bearer \${env:TOKEN}`);

describe('a broker', () => {
  it('joins literal text and secrets into a value that does not print itself', async () => {
    const { broker } = brokerWith({ TOKEN: 'correct-horse' });
    const secret = await broker.resolve(bearer);
    expect(secret.reveal()).toBe('Bearer correct-horse');
    expect(JSON.stringify({ secret, text: String(secret) })).not.toContain('correct');
  });

  it('resolves a set by name and fails it as a whole', async () => {
    const { broker } = brokerWith({ TOKEN: 'correct-horse' });
    const set = await broker.resolveAll({ Authorization: bearer, 'X-Team': parseConfiguredValue('red') });
    expect([...set].map(([name, secret]) => [name, secret.reveal()])).toEqual([
      ['Authorization', 'Bearer correct-horse'],
      ['X-Team', 'red'],
    ]);
    await expect(broker.resolveAll({ a: bearer, b: parseConfiguredValue('env:GONE') })).rejects.toThrow(
      'env:GONE is not set',
    );
  });

  it('reads a reference once for all who ask, and again after the time to live', async () => {
    const { broker, clock, reads, values } = brokerWith({ TOKEN: 'correct-horse' });
    await Promise.all([broker.resolve(bearer), broker.resolve(bearer), broker.resolveAll({ bearer })]);
    clock.advance(4_999);
    await broker.resolve(bearer);
    expect(reads).toEqual(['TOKEN']);
    values.TOKEN = 'battery-staple';
    clock.advance(1);
    expect((await broker.resolve(bearer)).reveal()).toBe('Bearer battery-staple');
    expect(reads).toHaveLength(2);
  });

  it('does not keep a failure', async () => {
    const { broker, values } = brokerWith({});
    await expect(broker.resolve(bearer)).rejects.toThrow(CredentialFault);
    values.TOKEN = 'correct-horse';
    expect((await broker.resolve(bearer)).reveal()).toBe('Bearer correct-horse');
  });

  it('tells listeners each secret, alone, before anybody gets it', async () => {
    const { broker } = brokerWith({ TOKEN: 'correct-horse' });
    const heard: string[] = [];
    broker.onValue((secret) => heard.push(secret.reveal()));
    await broker.resolve(bearer);
    await broker.resolve(bearer);
    expect(heard).toEqual(['correct-horse']);
  });

  it.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['short12', 'is shorter than 8 characters'],
    ['correct-horse ', 'begins or ends with white space'],
    ['correct\nhorse', 'a header takes visible ASCII only'],
    ['correct-hörse', 'a header takes visible ASCII only'],
    ['correct\0horse', 'a header takes visible ASCII only'],
  ])('refuses %j as a header without quoting it', async (value, problem) => {
    const { broker } = brokerWith({ TOKEN: value });
    const fault = await broker.resolve(bearer).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(CredentialFault);
    expect(String(fault)).toMatch(/^CredentialFault: env:TOKEN (is|begins|holds) /);
    expect(String(fault)).toContain(problem);
    if (value.trim() !== '') expect(String(fault)).not.toContain(value.trim());
  });

  it('lets a variable of a child hold lines and any script, but no NUL', async () => {
    const { broker } = brokerWith({ PEM: 'BEGIN\nhörse\nEND', BAD: 'correct\0horse' });
    expect((await broker.resolve(parseConfiguredValue('env:PEM'), 'variable')).reveal()).toContain(
      '\nhörse\n',
    );
    await expect(broker.resolve(parseConfiguredValue('env:BAD'), 'variable')).rejects.toThrow('NUL');
    await expect(broker.resolve(parseConfiguredValue('env:PEM'))).rejects.toThrow('visible ASCII');
    await expect(broker.resolve({ parts: ['a\r\nInjected: 1'] })).rejects.toThrow('literal text');
  });

  it('passes on nothing of what a source says when it fails', async () => {
    const { broker } = brokerWith({ TOKEN: () => Promise.reject(new Error('bad value correct-horse')) });
    const fault = await broker.resolve(bearer).catch((error: unknown) => error);
    expect(String(fault)).toBe('CredentialFault: env:TOKEN could not be read from its source');
    expect((fault as Error).cause).toBeUndefined();
  });

  it('names the sources that exist when a scheme has none', async () => {
    const { broker } = brokerWith({});
    await expect(broker.resolve({ parts: [{ secret: 'vault:kv/x' }] })).rejects.toThrow(
      'vault:kv/x has no source; known are env',
    );
  });

  it('hashes a secret as SHA-256 of its UTF-8 bytes', async () => {
    const { broker } = brokerWith({ TOKEN: 'correct-horse' });
    const secret = await broker.resolve(parseConfiguredValue('env:TOKEN'));
    expect(hashOf(secret).toString('hex')).toHaveLength(64);
    expect(hashOf(secret).equals(hashOf(await broker.resolve(parseConfiguredValue('env:TOKEN'))))).toBe(true);
  });
});
