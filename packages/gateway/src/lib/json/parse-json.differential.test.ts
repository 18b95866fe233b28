import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../model/json.js';
import { isJsonObject, JsonFault, parseJson } from './parse-json.js';

function faultOf(run: () => unknown): JsonFault {
  try {
    run();
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
  throw new Error('accepted');
}

const codeOf = (text: string) => faultOf(() => parseJson(text)).code;

const oneOf = (units: string) => fc.nat(units.length - 1).map((at) => units.charAt(at));

describe('against JSON.parse', () => {
  const space = fc.constantFrom('', '', ' ', '\n', '\t\r\n ');
  const character = fc.oneof(
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }).map((one) => JSON.stringify(one).slice(1, -1)),
    fc.constantFrom('\\/', '\\u0041', '\\ud83d\\ude00', '\u2028', '\\\\', '\\"', '\\u0000', '日', '😀'),
    fc.constantFrom('plain text '.repeat(8), '\\n'.repeat(40)),
  );
  const string = fc.array(character, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);
  const number = fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.maxSafeInteger().map(String),
    fc.bigInt().map(String),
    fc
      .tuple(fc.integer(), fc.nat(99999), fc.integer({ min: -20, max: 20 }))
      .map(([a, b, e]) => `${a}.${b}e${e}`),
    fc.constantFrom('-0', '1.0', '0.10', '1E+3', '9007199254740993'),
  );
  const { json } = fc.letrec<{ json: string }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(string, number, fc.constantFrom('true', 'false', 'null')),
      fc
        .tuple(fc.array(tie('json'), { maxLength: 4 }), space)
        .map(([all, gap]) => `[${gap}${all.join(`${gap},`)}${gap}]`),
      fc
        .tuple(
          fc.uniqueArray(fc.tuple(string, tie('json')), {
            maxLength: 4,
            selector: ([name]) => JSON.parse(name),
          }),
          space,
        )
        .map(
          ([all, gap]) =>
            `{${gap}${all.map(([name, value]) => `${name}${gap}:${gap}${value}`).join(`,${gap}`)}${gap}}`,
        ),
    ),
  }));
  const document = fc.tuple(space, json, space).map((parts) => parts.join(''));

  const edit = fc.tuple(
    fc.nat(),
    fc.nat(3),
    fc.oneof(
      oneOf('{}[]",:\\0123456789.eE+-tfnu \n\t\0\u2028\ufeff'),
      fc.constantFrom(
        '"a":1,',
        '"\\u0061":2,',
        '"__proto__":',
        '\\ud800',
        '\udc00',
        '1e400',
        '[[[[',
        'null',
        ',',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
  );
  const mutate = (text: string, edits: [number, number, string][]) =>
    edits.reduce((now, [place, cut, put]) => {
      const at = place % (now.length + 1);
      return now.slice(0, at) + put + now.slice(at + cut);
    }, text);
  const mutated = fc
    .tuple(document, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([text, edits]) => mutate(text, edits));

  const roundBigints = (value: JsonValue): JsonValue => {
    if (typeof value === 'bigint') return Number(value);
    if (Array.isArray(value)) return value.map(roundBigints);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, roundBigints(inner)]));
  };

  /** Accepting means JSON.parse gives the same; calling it no JSON means JSON.parse refuses it as well. */
  function compare(text: string): void {
    let strict: JsonValue | JsonFault;
    try {
      strict = parseJson(text).value;
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      if (/^(syntax|trailing_data|byte_order_mark)$/.test(error.code))
        expect(() => JSON.parse(text)).toThrow(SyntaxError);
      return;
    }
    expect(roundBigints(strict)).toStrictEqual(JSON.parse(text));
  }

  it('strict documents have the same value, and keep their text', () => {
    fc.assert(
      fc.property(document, (text) => {
        let parsed: ReturnType<typeof parseJson>;
        try {
          parsed = parseJson(text);
        } catch (error) {
          expect(['number', 'forbidden_name', 'too_deep']).toContain(
            error instanceof JsonFault && error.code,
          );
          return;
        }
        expect(parsed.text).toBe(text);
        expect(roundBigints(parsed.value)).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('broken documents are never accepted where JSON.parse refuses, nor called malformed where it accepts', () => {
    fc.assert(fc.property(mutated, compare), { numRuns: 5000 });
  });

  it('any string either has the same value or throws a JsonFault', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 30 }), compare), { numRuns: 2000 });
    const structural = fc.string({
      unit: oneOf('{}[]",:\\01.eE-tu \ud83d\ude00'),
      maxLength: 12,
    });
    fc.assert(fc.property(structural, compare), { numRuns: 5000 });
  });

  it('a name repeated anywhere in a document, in any spelling, is refused', () => {
    const spell = (name: string, escaped: boolean) =>
      escaped
        ? `"${Array.from({ length: name.length }, (_, at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
        : JSON.stringify(name);
    const name = fc.string({ unit: 'grapheme' }).filter((candidate) => candidate !== '__proto__');
    const path = fc.array(fc.constantFrom('[', '{"p":'), { maxLength: 20 });
    fc.assert(
      fc.property(
        name,
        fc.boolean(),
        fc.boolean(),
        path,
        fc.nat(300),
        (key, first, second, wrap, between) => {
          const filler = Array.from({ length: between }, (_, index) => `"filler ${index}":0,`).join('');
          const object = `{${spell(key, first)}:1,${filler}${spell(key, second)}:2}`;
          const closing = wrap.map((open) => (open === '[' ? ']' : '}')).reverse();
          fc.pre(!key.startsWith('filler '));
          expect(codeOf(wrap.join('') + object + closing.join(''))).toBe('duplicate_name');
        },
      ),
    );
  });

  it('keeps every double in its shortest form, and every decimal of 15 digits', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (value) => {
        expect(roundBigints(parseJson(String(value)).value)).toBe(Number(String(value)));
      }),
    );
    const digits = fc.string({ unit: oneOf('0123456789'), minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(digits, fc.integer({ min: -280, max: 280 }), (decimals, exponent) => {
        const text = `1.${decimals}e${exponent}`;
        expect(parseJson(text).value).toBe(Number(text));
      }),
    );
  });

  it('takes time in proportion to the text for many members, many escapes and long numbers', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => `"${index * 4096}":0`).join(',');
    expect(Object.keys(parseJson(`{${names}}`).value as object)).toHaveLength(50_000);
    expect(codeOf(`{${names},"4096":1}`)).toBe('duplicate_name');
    expect(parseJson(`"${'\\"'.repeat(500_000)}"`).value).toHaveLength(500_000);
    expect(parseJson(`["${'a","'.repeat(200_000)}"]`).value).toHaveLength(200_001);
    expect(codeOf(`0.${'0'.repeat(500_000)}1`)).toBe('number');
    expect(codeOf('1'.repeat(500_000))).toBe('number');
  }, 5_000);
});
