import { describe, expect, it } from 'vitest';
import { rawList } from '../../../../test/fixtures/upstreams/catalogue-house.js';
import { parseJson } from '../lib/json/parse-json.js';
import { importPrompts } from './import-prompts.js';

const redact = (text: string) => text.replaceAll('supersecret', '[redacted]');

describe('import of prompts', () => {
  it('keeps a definition as it was written, without the secrets of the gateway', () => {
    const text = '{ "name":"Überprüfung 1","arguments":[{"name":"a","x":1.0}],"description":"supersecret" }';
    const { items } = importPrompts({ pages: [parseJson(`[${text}]`)], redact });
    expect(items[0]?.definition.text).toBe(text.replace('supersecret', '[redacted]'));
    expect(items[0]).toMatchObject({ kind: 'prompt', name: 'Überprüfung 1' });
  });

  it('refuses names that cannot be seen or told apart, and keeps the others', () => {
    const bad = [
      '',
      ' a',
      'a ',
      'a\u200bb',
      'a\u0000',
      'a\nb',
      'a\u00a0b',
      'a\u202eb',
      'e\u0301',
      'x'.repeat(129),
      7,
    ];
    const { items, rejected } = importPrompts(rawList([...bad.map((name) => ({ name })), { name: 'ok' }]));
    expect(items.map(({ name }) => name)).toEqual(['ok']);
    expect(rejected).toHaveLength(bad.length);
    expect(rejected.every(({ what }) => what === 'prompt')).toBe(true);
  });

  it('refuses both of two names that look alike in other letters', () => {
    const { items, rejected } = importPrompts(
      rawList([{ name: 'copy' }, { name: 'сору' }, { name: 'plan' }]),
    );
    expect(items.map(({ name }) => name)).toEqual(['plan']);
    expect(rejected[0]?.reason).toContain('"сору"');
  });

  it('refuses members of another type than the protocol says', () => {
    for (const more of [
      { arguments: {} },
      { arguments: [{}] },
      { arguments: [{ name: 1 }] },
      { arguments: [{ name: 'a', required: 'yes' }] },
      { description: 1 },
    ]) {
      expect(importPrompts(rawList([{ name: 'x', ...more }])).items).toEqual([]);
    }
  });
});
