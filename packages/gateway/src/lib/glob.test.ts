import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, createNameSet } from './glob.js';

const matches = (glob: string, name: string) => compileGlob(glob).matches(name);

describe('a glob', () => {
  test('matches a name without wildcards exactly, case included', () => {
    expect(matches('read_file', 'read_file')).toBe(true);
    expect(matches('read_file', 'Read_file')).toBe(false);
    expect(matches('read_file', 'read_files')).toBe(false);
  });

  test('matches runs with a star and single characters with a question mark', () => {
    expect(matches('read_*', 'read_')).toBe(true);
    expect(matches('*delete*', 'bulk_delete_all')).toBe(true);
    expect(matches('a*b*c', 'a-b-b-c')).toBe(true);
    expect(matches('a*b*c', 'a-c-b')).toBe(false);
    expect(matches('v?', 'v1')).toBe(true);
    expect(matches('v?', 'v')).toBe(false);
  });

  test('matches any of the alternatives in braces', () => {
    expect(matches('{read,list}_{file,dir*}', 'list_directory')).toBe(true);
    expect(matches('{read,list}_{file,dir*}', 'write_file')).toBe(false);
  });

  test('treats no name as a path, so that a star leaves out nothing', () => {
    for (const name of ['..', '.hidden', 'a/b', 'a/../b', '']) expect(matches('*', name)).toBe(true);
    expect(matches('fs:*', 'fs:dir/read')).toBe(true);
  });

  test('treats characters of regular expressions as themselves', () => {
    expect(matches('a.b', 'axb')).toBe(false);
    expect(matches('agent+1@x', 'agent+1@x')).toBe(true);
  });

  test.each(['', '[ab]', '(a|b)', '!a', 'a{b', 'a}b{', '{a,{b}}', 'a'.repeat(300), '{a,b}'.repeat(7)])(
    'refuses %j with a reason',
    (glob) => {
      expect(() => compileGlob(glob)).toThrow();
    },
  );

  test('answers like the regular expression it stands for', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const names = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters, names, (glob, name) => {
        fc.pre(glob !== '');
        const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matches(glob, name)).toBe(expression.test(name));
      }),
    );
  });

  test('takes no longer for a pattern made to backtrack', () => {
    const started = process.cpuUsage();
    expect(matches(`${'*a'.repeat(100)}*b`, 'a'.repeat(10_000))).toBe(false);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1_000);
  });

  test('in a set matches when any glob does', () => {
    const set = createNameSet(['read_file', 'list_*'].map(compileGlob));
    expect(['read_file', 'list_dir', 'write_file'].filter((name) => set.has(name))).toEqual([
      'read_file',
      'list_dir',
    ]);
  });
});
