import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, parseJson } from './parse-json.js';

describe('parseDocument', () => {
  it('gives the exact text and value of members of the root and of their members', () => {
    const args = '{ "id": 12345678901234567890, "b":1.0,"a" : [1,{"c":2}] }';
    const document = parseDocument(
      `{"jsonrpc":"2.0", "params" : {"\\u006eame":"x","arguments": ${args} ,"n":null}, "id":7}`,
    );
    expect(document.member('params', 'arguments')).toEqual({ text: args, value: parseJson(args).value });
    expect(document.member('params', 'name')).toEqual({ text: '"x"', value: 'x' });
    expect(document.member('params', 'n')).toEqual({ text: 'null', value: null });
    expect(document.member('id')).toEqual({ text: '7', value: 7 });
  });

  it('finds own members of objects only', () => {
    const document = parseDocument('{"params":[{"a":1}],"text":"abc"}');
    expect(document.member('toString')).toBeUndefined();
    expect(document.member('params', '0')).toBeUndefined();
    expect(document.member('params', 'length')).toBeUndefined();
    expect(document.member('text', 'length')).toBeUndefined();
    expect(document.member('absent', 'a')).toBeUndefined();
    expect(parseDocument('[{"a":1}]').member('0')).toBeUndefined();
    expect(parseDocument('null').member('a')).toBeUndefined();
  });

  it('gives for every member of random documents the text that means its value', () => {
    const name = fc.string().filter((candidate) => candidate !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, fc.dictionary(name, fc.string())), (value) => {
        const document = parseDocument(JSON.stringify(value, undefined, 1));
        for (const [name, inner] of Object.entries(value)) {
          expect(JSON.parse(document.member(name)?.text ?? '')).toEqual(JSON.parse(JSON.stringify(inner)));
          for (const [innerName, leaf] of Object.entries(inner)) {
            const found = document.member(name, innerName);
            expect(JSON.parse(found?.text ?? '')).toEqual(JSON.parse(JSON.stringify(leaf)));
            expect(found?.value).toStrictEqual(parseJson(found?.text ?? '').value);
          }
        }
      }),
    );
  });
});
