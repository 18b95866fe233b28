import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../model/json.js';
import { JsonFault, parseJson } from './parse-json.js';

const nest = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const long = 'x'.repeat(100);

function faultOf(run: () => unknown): JsonFault {
  try {
    run();
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('parseJson accepts', () => {
  const accepted: [text: string, value: JsonValue][] = [
    ['null', null],
    [' \t\r\n true \t\r\n ', true],
    ['[]', []],
    ['{}', {}],
    ['[ ]', []],
    ['{ }', {}],
    ['""', ''],
    ['[1 , 2]', [1, 2]],
    ['{"":0}', { '': 0 }],
    ['{"a":{"a":{"a":1}}}', { a: { a: { a: 1 } } }],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":1,"A":2}', { a: 1, A: 2 }],
    [
      '{"constructor":1,"toString":2,"hasOwnProperty":3,"__proto":4}',
      { constructor: 1, toString: 2, hasOwnProperty: 3, __proto: 4 },
    ],
    ['{"2":1,"1":2,"10":3}', { '2': 1, '1': 2, '10': 3 }],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9"', '"\\/\b\f\n\r\tAé'],
    ['"\\u0000\\u001F\\u001f"', '\0\x1f\x1f'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"😀 \u2028\u2029\ufeff\x7f\uffff"', '😀 \u2028\u2029\ufeff\x7f\uffff'],
    [`"${long}\\"\\\\"`, `${long}"\\`],
    [`"${long}\\\\"`, `${long}\\`],
    [`"${long}日本😀"`, `${long}日本😀`],
    ['0', 0],
    ['-0', -0],
    ['-0.0', -0],
    ['0e400', 0],
    ['0.000e-999999999999999999999', 0],
    ['1.0', 1],
    ['1.50', 1.5],
    ['1e2', 100],
    ['1E+2', 100],
    ['-1.5e-3', -0.0015],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['100000e-5', 1],
    ['1e21', 1e21],
    ['5e-324', 5e-324],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    [`0.${'0'.repeat(400)}1e401`, 1],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['1234567890123456789', 1234567890123456789n],
    ['9'.repeat(1000), BigInt('9'.repeat(1000))],
    [nest(64), JSON.parse(nest(64))],
  ];
  it.each(accepted)('%s', (text, value) => {
    const parsed = parseJson(text);
    expect(parsed.value).toStrictEqual(value);
    expect(parsed.text).toBe(text);
  });

  it('member names of Object.prototype as own members, leaving the prototype alone', () => {
    const { value } = parseJson('{"constructor":{"prototype":{"polluted":true}}}');
    expect(Object.keys(value as object)).toEqual(['constructor']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('parseJson refuses', () => {
  const malformed = [
    [
      '',
      ' ',
      '[',
      '{',
      '"',
      '"a',
      '[1',
      '[1,',
      '[,',
      '[,1]',
      '[1,]',
      '[1 2]',
      '[1}',
      '{1:2}',
      '{a:1}',
      '{"a"}',
    ],
    [
      '{"a":}',
      '{"a":1,}',
      '{,"a":1}',
      '{"a":1 "b":2}',
      '{"a":1,,"b":2}',
      '{"a" 1}',
      '{"a":1',
      '{"a":1]',
      '{"a',
    ],
    [
      "{'a':1}",
      "'a'",
      '`a`',
      ']',
      '}',
      ',',
      'tru',
      'True',
      'nul',
      'NULL',
      'undefined',
      'NaN',
      'Infinity',
      '-NaN',
    ],
    ['+1', '-', '.5', '-.5', '5.', '1.e1', '1e', '1e+', '1.5e-', '0100', '00', '-01', '01.5', '- 1', '１'],
    [
      '"\\x"',
      '"\\U0041"',
      '"\\u12"',
      '"\\u12g4"',
      '"\\u+123"',
      '"\\u 123"',
      '"\\',
      '"\\"',
      '"\\u',
      '/**/1',
      '#1',
    ],
    [
      '"\t"',
      '"\n"',
      '"\0"',
      '"\x1f"',
      `"${long}\n"`,
      `"${long}\\q"`,
      `"${long}`,
      '\0',
      '\v1',
      '\f1',
      '\u00a01',
      '\u20281',
    ],
  ].flat();
  const byCode: Partial<Record<JsonFault['code'], string[]>> = {
    syntax: malformed,
    trailing_data: ['1 2', '{}{}', 'true,', '"a"\0', '{}\n\ufeff', '0x10', '[1]#', '1 // x'],
    duplicate_name: [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '{"\\u0061mount":1,"b":[],"amount":9000}',
      '[{"x":{"deep":[{"a":1,"b":2,"a":3}]}}]',
      '{"":1,"":2}',
      '{"1":1,"\\u0031":2}',
      '{"toString":1,"toString":2}',
      `{"${long}":1,"${long.slice(1)}\\u0078":2}`,
    ],
    forbidden_name: [
      '{"__proto__":1}',
      '{"a":[{"__proto__":{"admin":true}}]}',
      '{"\\u005f_proto_\\u005F":1}',
    ],
    lone_surrogate: [
      ['"\ud83d"', '"\ude00"', '"\ude00\ud83d"', '"\ud83d\\ude00"', '"\\ud83d\ude00"', '{"\\ud800":1}'],
      ['"\\ud83d"', '"\\ude00"', '"\\ud83dx"', '"\\ud83d\\n"', '"\\ud83d\\u0041"', '"\\ud83d\\ud83d\\ude00"'],
      [`"${long}\ud83d\\ude00"`, `"${long}\\ud83d\ude00"`, `"${long}\\ud83d"`, `"${long}\ud83d"`],
    ].flat(),
    byte_order_mark: ['\ufeff{}'],
    too_deep: [nest(65), `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, '['.repeat(1_000_000)],
    number: [
      [
        '100.00000000000000001',
        '9007199254740993.0',
        '9007199254740993e0',
        '0.1000000000000000055511151231257827',
      ],
      [
        '1e400',
        '-1e400',
        '1e-400',
        '4.9e-324',
        '1e99999999999999999999',
        '9'.repeat(1001),
        `1${'0'.repeat(400)}.0`,
      ],
    ].flat(),
  };
  const refused = Object.entries(byCode).flatMap(([code, texts]) => texts.map((text) => ({ code, text })));
  it.each(refused)('$code: $text', ({ code, text }) => {
    const fault = faultOf(() => parseJson(text));
    expect(fault.code).toBe(code);
    expect(fault.at).toBeGreaterThanOrEqual(0);
    expect(fault.at).toBeLessThanOrEqual(text.length);
    expect(fault.message).toMatch(/^[ -~]{10,300}$/);
  });

  it('with the place, what was found and what was expected', () => {
    expect(faultOf(() => parseJson('{"a":1,}')).message).toBe(
      "Found '}', expected a member name in double quotes (at character 7)",
    );
    const duplicate = faultOf(() => parseJson('{"amount":1,"to":2,"\\u0061mount":3}'));
    expect(duplicate.at).toBe(19);
    expect(duplicate.message).toContain('"amount" twice');
  });

  it('without repeating control characters or long names in its message', () => {
    const name = `\\u001b\u202e${long}`;
    const { message } = faultOf(() => parseJson(`{"${name}":1,"${name}":2}`));
    expect(message).toContain('"\\u001b\\u202exxx');
    expect(message.length).toBeLessThan(180);
  });

  it('nesting beyond a configured depth', () => {
    expect(parseJson('[[1]]', { maxDepth: 2 }).value).toEqual([[1]]);
    expect(faultOf(() => parseJson('[[[1]]]', { maxDepth: 2 })).code).toBe('too_deep');
  });
});
