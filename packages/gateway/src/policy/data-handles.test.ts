import { describe, expect, test } from 'vitest';
import { handlesIn } from './data-handles.js';

const limits = { mostHandles: 100, mostCharacters: 10_000 };
const found = (value: unknown) => [...handlesIn(value, limits).found].sort();

describe('the data handles of a value', () => {
  test('are identifiers, hashes, tokens, paths, addresses and long numbers, wherever they stand', () => {
    expect(
      found({
        text: 'see 123E4567-e89b-12d3-a456-426614174000, or /etc/app/key.pem',
        list: ['ann@corp.example', { '/srv/data': 4111111111111111 }],
        token: 'AbCdEfGhIjKlMnOpQrStUvWx',
        windows: 'C:\\data\\key.pem',
      }),
    ).toEqual([
      '/etc/app/key.pem',
      '/srv/data',
      '123e4567-e89b-12d3-a456-426614174000',
      '4111111111111111',
      'abcdefghijklmnopqrstuvwx',
      'ann@corp.example',
      'c:\\data\\key.pem',
    ]);
  });

  test('are not words, short numbers or documents', () => {
    expect(found('the quick brown fox 12345 and/or a@b')).toEqual([]);
    expect(found('x'.repeat(300))).toEqual([]);
    expect(found(null)).toEqual([]);
  });

  test('are the same in a result and in bound arguments', () => {
    expect(found(new Map([['a', ['ann@corp.example', 411111111111n]]]))).toEqual([
      '411111111111',
      'ann@corp.example',
    ]);
  });

  test('are told to be incomplete when there are too many', () => {
    const many = Array.from({ length: 200 }, (_, index) => `user${index}@corp.example`);
    const handles = handlesIn(many, limits);
    expect(handles.found.size).toBe(100);
    expect(handles.complete).toBe(false);
    expect(handlesIn('a'.repeat(20_000), limits).complete).toBe(false);
    expect(handlesIn('short', limits).complete).toBe(true);
  });

  test('are found in linear time', () => {
    const started = process.cpuUsage();
    for (const text of [
      '/a'.repeat(200_000),
      'a-'.repeat(200_000),
      '0'.repeat(400_000),
      'a.'.repeat(200_000),
      `${'a@'.repeat(200_000)}`,
    ]) {
      handlesIn(text, { mostHandles: 1_000, mostCharacters: 400_000 });
    }
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2_000);
  });
});
