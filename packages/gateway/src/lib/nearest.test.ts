import { describe, expect, test } from 'vitest';
import { nearest } from './nearest.js';

describe('nearest', () => {
  test('finds the name that was misspelt', () => {
    expect(nearest('pth', ['head', 'path', 'tail'])).toBe('path');
    expect(nearest('wriet_file', ['read_file', 'write_file', 'move_file'])).toBe('write_file');
  });

  test('ignores case, so that a wrong capital is a near miss', () => {
    expect(nearest('Path', ['head', 'path'])).toBe('path');
  });

  test('suggests nothing rather than something unlike the word', () => {
    expect(nearest('path', ['recipient', 'q'])).toBeUndefined();
    expect(nearest('ab', ['xy'])).toBeUndefined();
    expect(nearest('path', [])).toBeUndefined();
  });

  test('takes the first among equally near names', () => {
    expect(nearest('fox', ['box', 'fax'])).toBe('box');
  });
});
