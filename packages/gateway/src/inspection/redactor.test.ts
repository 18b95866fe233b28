import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../model/secret.js';
import { Redactor } from './redactor.js';

function redactorOf(...values: string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.learn(new Secret(value));
  return redactor;
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
const unitsOf = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
const inner = (text: string) => JSON.stringify(text).slice(1, -1);

/** Every encoding that security.md asks for, with the ways in which each is written in the field. */
const encodings: Record<string, (secret: string) => string> = {
  raw: (secret) => secret,
  json: inner,
  jsonTwice: (secret) => inner(inner(secret)),
  jsonThrice: (secret) => inner(inner(inner(secret))),
  jsonSlashes: (secret) => inner(secret).replaceAll('/', '\\/'),
  jsonAll: (secret) =>
    unitsOf(secret)
      .map((code) => `\\u${hex(code, 4)}`)
      .join(''),
  jsonAllUpper: (secret) =>
    unitsOf(secret)
      .map((code) => `\\u${hex(code, 4).toUpperCase()}`)
      .join(''),
  percent: encodeURIComponent,
  percentTwice: (secret) => encodeURIComponent(encodeURIComponent(secret)),
  percentAll: (secret) => [...Buffer.from(secret)].map((byte) => `%${hex(byte, 2)}`).join(''),
  percentAllUpper: (secret) =>
    [...Buffer.from(secret)].map((byte) => `%${hex(byte, 2).toUpperCase()}`).join(''),
  form: (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  ...Object.fromEntries(
    ['base64', 'base64url'].flatMap((alphabet) =>
      ['', 'x', 'xy'].map((before) => [
        `${alphabet} after ${before.length}`,
        (secret: string) => Buffer.from(`${before}${secret}`).toString(alphabet as 'base64'),
      ]),
    ),
  ),
};

const asciiSecret = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 8, maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes))
  .filter((value) => value.trim() === value && value !== 'redacted');
const anySecret = fc.oneof(
  asciiSecret,
  fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }),
  fc.integer({ min: 10_000_000 }).map(String),
);

describe('a learned secret', { timeout: 30_000 }, () => {
  it('never survives in any encoding', () => {
    fc.assert(
      fc.property(anySecret, fc.constantFrom(...Object.keys(encodings)), (secret, name) => {
        const encoded = encodings[name]?.(secret) ?? '';
        const text = `~ ${encoded} ~`;
        const redacted = redactorOf(secret).redact(text);
        expect(redacted).toContain('[redacted]');
        // Of an escape sequence beside the secret, or of a needlessly long one at its end, a rest may stay.
        if (!name.startsWith('base64'))
          expect(redacted).toMatch(/^~ ?[\\%u\da-f]{0,8}\[redacted\][\\%u\da-f]{0,8} ?~$/i);
        expect(redacted).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves at most its edge bits in base64, whatever stands around it', () => {
    const edge = fc.string({ maxLength: 7 });
    fc.assert(
      fc.property(asciiSecret, edge, edge, (secret, before, after) => {
        for (const alphabet of ['base64', 'base64url'] as const) {
          const encoded = Buffer.from(before + secret + after).toString(alphabet);
          const redacted = redactorOf(secret).redact(encoded);
          expect(redacted).toContain('[redacted]');
          for (const piece of redacted.split('[redacted]')) {
            expect(Buffer.from(piece, alphabet).toString('latin1')).not.toContain(secret);
          }
        }
      }),
    );
  });

  it('is taken out of every string and name of a JSON document, which stays JSON', () => {
    fc.assert(
      fc.property(anySecret, fc.jsonValue(), fc.string(), fc.string(), (secret, value, before, after) => {
        const held = before + secret + after;
        const document = JSON.stringify({
          [held]: 1,
          list: [held, value, inner(held)],
          nested: JSON.stringify({ held }),
        });
        const redacted = redactorOf(secret).redact(document);
        const strings: string[] = [];
        JSON.parse(redacted, (key, found) => {
          strings.push(key);
          if (typeof found === 'string') strings.push(found);
          return found;
        });
        for (const found of strings) expect(found.includes(secret)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('never makes valid JSON invalid, however the secret and the document happen to overlap', () => {
    const awkward = fc.string({
      unit: fc.constantFrom('\\', '"', 'u', '0', '1', 'n', ',', ':', '[', ']', ' ', 'e', '-'),
    });
    fc.assert(
      fc.property(awkward, awkward, fc.jsonValue(), fc.nat(), fc.nat(), (one, two, value, from, size) => {
        const document = JSON.stringify({
          one,
          two,
          value,
          again: JSON.stringify([one, two]),
          n: [10, 1.5e3, -1],
        });
        const start = from % document.length;
        const redacted = redactorOf(document.slice(start, start + 2 + (size % 12))).redact(document);
        expect(() => JSON.parse(redacted)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it('is replaced by a string where it stands as a JSON number', () => {
    const redactor = redactorOf('4929123412');
    expect(redactor.redact('{"a":14929123412,"b":[4929123412], "c":"x 4929123412"}')).toBe(
      '{"a":"[redacted]","b":["[redacted]"], "c":"x [redacted]"}',
    );
  });

  it.each(Object.keys(encodings))('may be as long as a private key and written as %s', (name) => {
    const lines = Array.from({ length: 60 }, (_, index) => Buffer.alloc(48, `${index}`).toString('base64'));
    const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----`;
    const redactor = redactorOf(key);
    const redacted = redactor.redact(
      `~ ${encodings[name]?.(key)} ~ ${encodings[name]?.(key.slice(0, -1))}! ~`,
    );
    expect(redacted).toMatch(/^~ .{0,8}\[redacted\].{0,8} ~ /);
  });

  it('with spaces is found as forms write it, also where nothing else is encoded', () => {
    expect(redactorOf('correct horse battery').redact('s=correct+horse+battery&t=1')).toBe(
      's=[redacted]&t=1',
    );
  });

  it('is found behind what could be the beginning of another escape', () => {
    const broken = ['%', '%2', '%25', '%2525', '\\', '\\\\', '\\u', '\\u0', '\u0125', '\u015c'];
    const hexLike = fc.string({
      unit: fc.constantFrom(...'0123456789abcdefuU'.split('')),
      minLength: 8,
      maxLength: 24,
    });
    const names = Object.keys(encodings).filter((name) => !name.startsWith('base64'));
    fc.assert(
      fc.property(
        fc.oneof(hexLike, asciiSecret, anySecret),
        fc.constantFrom(...broken),
        fc.constantFrom(...names),
        (secret, before, name) => {
          const encoded = encodings[name]?.(secret) ?? '';
          expect(redactorOf(secret).redact(`${before}${encoded} %`)).toContain('[redacted]');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('goes whole when a shorter secret is part of it', () => {
    expect(redactorOf('abcdefgh', 'xx-abcdefgh-yy').redact('xx-abcdefgh-yy abcdefgh')).toBe(
      '[redacted] [redacted]',
    );
  });
});

describe('text without a secret', { timeout: 30_000 }, () => {
  it('comes back as it is', () => {
    const redactor = redactorOf('correct horse battery');
    const text = '{"text":"caf\\u00e9 100% \\"quoted\\" \\\\ path"}';
    expect(redactor.redact(text)).toBe(text);
    expect(redactor.redact('')).toBe('');
    expect(new Redactor().redact(text)).toBe(text);
  });

  it('keeps JSON structure that merely looks like a secret with quotes', () => {
    const text = '{"a":"bc","d":"ef"}';
    expect(redactorOf('a":"bc","d').redact(text)).toBe(text);
    expect(redactorOf('a":"bc","d').redact(`said ${text}`)).toBe('said {"[redacted]":"ef"}');
  });

  it('is searched in time that grows with its length only, whatever it holds', () => {
    const redactor = redactorOf(
      '\\\\\\\\\\\\\\\\a',
      '\\begins-with-one',
      '%%%%%%%%',
      '"quoted" value',
      '        x',
      `${'a'.repeat(3_000)}b`,
    );
    for (const unit of ['\\', '%25', '\\u005c', ' ', '"', 'a', '%61']) {
      const text = `${unit.repeat(Math.floor(500_000 / unit.length))}%`;
      const startedAt = process.cpuUsage();
      redactor.redact(text);
      expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(500);
    }
  });
});
