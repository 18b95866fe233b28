import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, PathFault, parseFolder } from './path-within.js';

function within(path: string, folder = '/data/public'): boolean | string {
  try {
    return isWithin(path, parseFolder(folder));
  } catch (fault) {
    return fault instanceof PathFault ? fault.message : String(fault);
  }
}

describe('a path', () => {
  test.each([
    '/data/public',
    '/data/public/',
    '/data/public/a.txt',
    '/data//public/./a.txt',
    '/data/secret/../public/a.txt',
    '/data/public/a b%20c.txt',
    '/data/public/größe.txt',
    '/data/public/a:b',
    '/../data/public/a',
  ])('lies within: %s', (path) => {
    expect(within(path)).toBe(true);
  });

  test.each([
    '/data/publicX/key.pem',
    '/data/public/../secret',
    '/data/public/../../etc/passwd',
    '/data',
    '/',
    '/data/pub',
    '/etc/data/public',
  ])('lies outside: %s', (path) => {
    expect(within(path)).toBe(false);
  });

  test.each([
    ['/data/public/%2e%2e/secret', 'more than one way'],
    ['/data/public/%252e%252e%252fsecret/key.pem', 'more than one way'],
    ['/data/public/%25252e%25252e/x', 'more than one way'],
    ['/data/public/%2525252e%2525252e/x', 'over and over'],
    ['/data/public/..%2fsecret', 'more than one way'],
    ['/data/public/..\\secret', 'more than one way'],
    ['/data/public/\uff0e\uff0e/secret', 'more than one way'],
    ['/data/public/..;/secret', 'dots and blanks'],
    ['/data/public/..\u2215secret', 'more than one way'],
    ['/data/public/\u2025/secret', 'more than one way'],
    ['/data/public/%c0%ae%c0%ae/secret', 'no UTF-8'],
    ['/data/public/%u002e%u002e/secret', '%u escapes'],
    ['/data/public/a.txt\u0000/../../secret', 'control'],
    ['/data/public/a\u200b', 'invisible'],
    ['/data/public/a\n', 'control'],
    ['//data/public/../../etc/passwd', 'no plain path'],
    ['\\\\host\\share', 'no plain path'],
    ['~/x', 'no plain path'],
    ['file:///data/public/x', 'no plain path'],
    ['', 'no plain path'],
    ['data/public/x', 'relative'],
    ['C:\\data\\public\\x', 'on a drive'],
    ['/DATA/public/x', 'letter case'],
    ['/data/public./x', 'trailing dots'],
    ['/data/PUBL\u0130C/x', false],
    [`/data/public/${'a'.repeat(5_000)}`, 'longer'],
  ])('is neither: %j', (path, reason) => {
    if (reason === false) expect(within(path)).toBe(false);
    else expect(within(path)).toContain(reason);
  });

  test('on a drive is compared as Windows does', () => {
    expect(within('c:/Data/PUBLIC/x', 'C:\\data\\public')).toBe(true);
    expect(within('C:\\data\\public. \\x', 'C:\\data\\public')).toBe(true);
    expect(within('C:\\data\\public\\..\\secret', 'C:\\data\\public')).toBe(false);
    expect(within('D:\\data\\public\\x', 'C:\\data\\public')).toBe(false);
    expect(within('C:\\data\\publicX', 'C:\\data\\public')).toBe(false);
    expect(within('C:\\DATA~1\\public', 'C:\\data\\public')).toContain('short name');
    expect(within('C:\\data\\public\\a.txt:stream', 'C:\\data\\public')).toContain('stream');
    expect(within('C:data\\public', 'C:\\data\\public')).toContain('no plain path');
    expect(within('\\\\?\\C:\\data\\public', 'C:\\data\\public')).toContain('no plain path');
    expect(within('/data/public', 'C:\\data\\public')).toContain('absolute');
  });

  test('that is relative is compared with a relative folder only', () => {
    expect(within('src/a.ts', 'src')).toBe(true);
    expect(within('./src/../src/a.ts', './src')).toBe(true);
    expect(within('src/../secret', 'src')).toBe(false);
    expect(within('../app/src/a.ts', 'src')).toContain('leaves the folder');
    expect(within('/srv/src/a.ts', 'src')).toContain('absolute');
    expect(within('anything', '.')).toBe(true);
  });

  test('is within the root when it is absolute', () => {
    expect(within('/etc/passwd', '/')).toBe(true);
  });

  test('that lies within has no reading that leads out', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      'a',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      '/',
      '//',
      'public',
      'data',
      '\uff0e',
      '%25',
      '2e',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const path = `/data/public/${parts.join('')}`;
        if (within(path) !== true) return;
        let decoded = path.normalize('NFKC').replaceAll('\\', '/');
        for (let layer = 0; layer < 5; layer++) {
          // To file systems, unlike to URLs, several slashes are one.
          const { pathname } = new URL(`file://${decoded.replace(/\/+/g, '/')}`);
          expect(`${pathname}/`.startsWith('/data/public/')).toBe(true);
          decoded = decoded.replace(/%([0-7][0-9a-f])/gi, (_all, hex: string) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          );
          decoded = decoded.normalize('NFKC').replaceAll('\\', '/');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a folder', () => {
  test.each(['', '/data/../x', '~/x', '/a%20b', '/a\u0000', '//host/share', 'C:', 'file:///data', '/\uff0e'])(
    'is refused unless it is written plainly: %j',
    (folder) => {
      expect(() => parseFolder(folder)).toThrow(PathFault);
    },
  );
});
