import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileName, createPatternSet } from './name-pattern.js';
import { outlineOf, outlineOfTemplate } from './outline.js';

const matches = (pattern: string, name: string) => compileName(pattern).matches(name);
const covers = (pattern: string, glob: string) => compileName(pattern).covers(outlineOf(glob));
const overlaps = (pattern: string, glob: string) => compileName(pattern).overlaps(outlineOf(glob));

describe('a pattern for names', () => {
  test('is a glob, or a regular expression between slashes that must match the whole name', () => {
    expect(matches('read_*', 'read_file')).toBe(true);
    expect(matches('/read_(file|dir)/', 'read_file')).toBe(true);
    expect(matches('/read_(file|dir)/', 'read_files')).toBe(false);
    expect(matches('/^read/', 'read_file')).toBe(false);
    expect(matches('/.*\\/a/', 'tools/a')).toBe(true);
    expect(compileName('read_file').literal).toBe('read_file');
    expect(compileName('/read_file/').literal).toBeUndefined();
  });

  test('takes linear time for an expression made to backtrack', () => {
    const pattern = compileName('/(a+)+b/');
    const started = process.cpuUsage();
    expect(pattern.matches(`${'a'.repeat(5_000)}!`)).toBe(false);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(50);
  });

  test.each(['/(/', '/(?=a)b/', '/(a)\\1/', `/${'a'.repeat(300)}/`, '/(a{100}){100}/', '(a)', ''])(
    'refuses %j with a reason',
    (text) => {
      expect(() => compileName(text)).toThrow(/RE2|characters|contains|empty/);
    },
  );

  test('in a set matches when any does', () => {
    const set = createPatternSet(['read_file', 'list_*', '/x\\d/'].map(compileName));
    expect(['read_file', 'list_dir', 'x1', 'write_file'].filter((name) => set.has(name))).toEqual([
      'read_file',
      'list_dir',
      'x1',
    ]);
  });
});

describe('what a pattern says about a whole family of names', () => {
  test('covers it when no name is left out', () => {
    expect(covers('*', 'fs:read_?')).toBe(true);
    expect(covers('fs:*', 'fs:read_*')).toBe(true);
    expect(covers('fs:read_*', 'fs:*')).toBe(false);
    expect(covers('a?', 'a*')).toBe(false);
    expect(covers('{a*,b*}', 'bc*')).toBe(true);
    expect(covers('/fs:.*/', 'fs:read_file')).toBe(true);
    expect(covers('/fs:.*/', 'fs:read_*')).toBe(false);
  });

  test('is refused where its size would make each name slow', () => {
    expect(() => compileName('/(?:.{0,31}.{0,31}){0,30}a/')).toThrow('repeats too much');
    expect(() => compileName(`/(?:${'read_file|'.repeat(24)}x)/`)).not.toThrow();
  });

  test('overlaps it when some name is in both', () => {
    expect(overlaps('a*', '*b')).toBe(true);
    expect(overlaps('a*c', 'b*')).toBe(false);
    expect(overlaps('a?c', 'a*')).toBe(true);
    expect(overlaps('ab', 'a')).toBe(false);
    expect(overlaps('/x.*/', 'a*')).toBe(true);
    expect(overlaps('/x.*/', 'abc')).toBe(false);
  });

  test('knows what a URI template can stand for', () => {
    const template = outlineOfTemplate('file:///data/{dir}/{+path}.txt{?q}');
    const of = (glob: string) => compileName(glob);
    expect(of('file:///data/*').covers(template)).toBe(true);
    expect(of('file:///data/public/*').covers(template)).toBe(false);
    expect(of('file:///data/public/*').overlaps(template)).toBe(true);
    expect(of('file:///etc/*').overlaps(template)).toBe(false);
    expect(of('file:///data/a/b.txt').overlaps(template)).toBe(true);
    expect(of('file:///data/a/b.md').overlaps(outlineOfTemplate('file:///{p}.txt'))).toBe(false);
  });

  test('agrees with the names themselves', () => {
    const glob = fc
      .array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 6 })
      .map((p) => p.join(''));
    const name = fc.array(fc.constantFrom('a', 'b'), { maxLength: 7 }).map((p) => p.join(''));
    fc.assert(
      fc.property(glob, glob, name, (one, other, found) => {
        const both = matches(one, found) && matches(other, found);
        if (both) expect(overlaps(one, other)).toBe(true);
        if (covers(one, other) && matches(other, found)) expect(matches(one, found)).toBe(true);
        expect(overlaps(one, other)).toBe(overlaps(other, one));
      }),
      { numRuns: 2_000 },
    );
  });
});
