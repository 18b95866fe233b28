import { describe, expect, it } from 'vitest';
import { asItLooks } from './lookalikes.js';

describe('how a text looks', () => {
  it.each([
    ['сору', 'copy'],
    ['Ρаураl', 'Paypal'],
    ['ｒｅａｄ', 'read'],
    ['𝐫𝐞𝐚𝐝', 'read'],
    ['re\u200bad\u00ad', 'read'],
    ['reаd_filе', 'read_file'],
  ])('%s is what it is written to look like', (text, look) => {
    expect(asItLooks(text)).toBe(look);
  });

  it('leaves accents and other scripts as they are', () => {
    expect(asItLooks('Café')).not.toBe(asItLooks('Cafe'));
    expect(asItLooks('日本語')).toBe('日本語');
    expect(asItLooks('read-file.1')).toBe('read-file.1');
  });
});
