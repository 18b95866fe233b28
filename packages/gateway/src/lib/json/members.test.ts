import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, membersOf, onOneLine, withoutBlanks, writeObject } from './members.js';
import { parseJson } from './parse-json.js';

describe('withoutBlanks', () => {
  it('keeps every token as it was written', () => {
    const text = ' {\t"a \\" b" : [ 1.50 ,\r\n-1e2, "\\\\" , true ] , "c":{ } } ';
    expect(withoutBlanks(text)).toBe('{"a \\" b":[1.50,-1e2,"\\\\",true],"c":{}}');
  });

  it('makes of any value what would be written without blanks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        expect(withoutBlanks(JSON.stringify(value, undefined, indent))).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('membersOf', () => {
  it('gives each member with its exact text, in the order of the text', () => {
    const text = ' { "b" : 1.0 ,"\\u0061":[ {"x":"]}\\""} ],"2":"\\\\","1": -1e2 ,"":{} , "n":null} ';
    expect(membersOf(text)).toEqual([
      ['b', '1.0'],
      ['a', '[ {"x":"]}\\""} ]'],
      ['2', '"\\\\"'],
      ['1', '-1e2'],
      ['', '{}'],
      ['n', 'null'],
    ]);
    expect(membersOf('{ }')).toEqual([]);
  });

  it('and writeObject give back the value of any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const written = writeObject(membersOf(text));
        expect(JSON.parse(written)).toStrictEqual(JSON.parse(text));
        if (indent === 0) expect(written).toBe(text);
      }),
    );
  });

  it('refuses a text that is no object', () => {
    expect(() => membersOf('[1]')).toThrow(TypeError);
    expect(() => membersOf('')).toThrow(TypeError);
  });
});

describe('elementsOf', () => {
  it('gives the exact text of each element of any array', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(2), (value, indent) => {
        const elements = elementsOf(JSON.stringify(value, undefined, indent));
        expect(elements.map((text) => JSON.parse(text))).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(elementsOf(' [ 1.0 , [2 , "]"],{"a" : 1} ] ')).toEqual(['1.0', '[2 , "]"]', '{"a" : 1}']);
  });

  it('refuses a text that is no array', () => {
    expect(() => elementsOf('{}')).toThrow(TypeError);
  });
});

describe('writeObject', () => {
  it('escapes names and leaves texts as they are', () => {
    expect(
      writeObject([
        ['a"\n', '1.0'],
        ['id', '12345678901234567890'],
      ]),
    ).toBe('{"a\\"\\n":1.0,"id":12345678901234567890}');
    expect(writeObject([])).toBe('{}');
  });
});

describe('onOneLine', () => {
  it('leaves no line separator of any kind, and the same value', () => {
    const text = '{\r\n "a\u2028": "\\n\u2029", \n"b": 1.0 }';
    const line = onOneLine(text);
    expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
    expect(parseJson(line).value).toEqual(parseJson(text).value);
    expect(onOneLine('{"a": 1}')).toBe('{"a": 1}');
  });
});
