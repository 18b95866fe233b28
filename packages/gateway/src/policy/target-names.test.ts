import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NamedTarget } from '../model/history.js';
import { compileName, createPatternSet } from './name-pattern.js';
import { type Fit, fitOf, targetNamesOf } from './target-names.js';

function resource(uri: string, own = uri): NamedTarget {
  return { kind: 'resource', upstream: 'files', exposedName: uri, name: own };
}

const template = (uri: string): NamedTarget => ({
  kind: 'template',
  upstream: 'files',
  exposedName: uri,
  name: uri,
});

const fit = (pattern: string, target: NamedTarget, restricts: boolean): Fit =>
  fitOf(createPatternSet([compileName(pattern)]), targetNamesOf(target), restricts);

const allows = (pattern: string, uri: string) => fit(pattern, resource(uri), false) === 'wholly';
const denies = (pattern: string, uri: string) => fit(pattern, resource(uri), true) === 'wholly';

describe('a resource', () => {
  const open = 'file:///data/public/*';
  const secret = 'file:///data/secret/*';

  test('is meant by wildcards over its URI, and by the URI itself', () => {
    expect(allows(open, 'file:///data/public/a/b.txt')).toBe(true);
    expect(allows(open, 'file:///data/publicX/b.txt')).toBe(false);
    expect(allows('file:///data/a', 'file:///data/a')).toBe(true);
    expect(allows('db://{a,b}/*', 'db://b/t?limit=5')).toBe(true);
    expect(allows('/note:\\/\\/\\d+/', 'note://42')).toBe(true);
    expect(allows(open, 'file:///data/public/gr%C3%B6%C3%9Fe%20x')).toBe(true);
  });

  test.each([
    'file:///data/public/../secret/key',
    'file:///data/public/..',
    'file:///data/public/%2e%2e/secret/key',
    'file:///data/public/%252e%252e/secret/key',
    'file:///data/public/..%2fsecret/key',
    'file:///data/public/..%5csecret/key',
    'file:///data/public/\\..\\..\\secret/key',
    'file:///data/public//../../secret/key',
    'file:///data/public/x?/../../secret/key',
    'file:///data/public/\uff0e\uff0e/secret/key',
    'file:///data/public/.. /../secret/key',
    'FILE:///data/public/../secret/key',
    'file://HOST/data/public/a',
  ])('whose URI could lead elsewhere is allowed by no wildcard: %s', (uri) => {
    expect(allows(open, uri)).toBe(false);
    expect(allows('*', uri)).toBe(false);
    expect(allows('/.*/', uri)).toBe(false);
  });

  test.each([
    'file:///data/secret/key',
    'file:///data/public/../secret/key',
    'file:///data/public/%2e%2e/secret/key',
    'file:///data/public/%252e%252e/secret/key',
    'file:///data/s%65cret/key',
    'file:///data//secret/key',
    'file:///data/./secret/key',
    'FILE:///data/secret/key',
    'file:///Data/SECRET/key',
    'file:///data\\secret\\key',
    'file:///data/\uff53ecret/key',
    'file:///data/public/x?/../../secret/key',
    'file:///data/secret/key?x#y',
    'file:/data/secret/key',
    'file://localhost/data/secret/key',
    'file:data/secret/key',
    'file:///data/secret;v=1/key',
    'file:///data/public/..;/secret/key',
    'file:///data/public/.. /secret/key',
    'file:///data/secret./key',
    'file:///data/a\u0000b',
    'file:///data/a%00b',
    `file:///${'a'.repeat(9_000)}`,
  ])('is stopped in every way in which its URI could be read: %j', (uri) => {
    expect(denies(secret, uri)).toBe(true);
  });

  test('is stopped by the URI that its upstream itself uses', () => {
    expect(fit('file:///a', resource('sallyport://files/a', 'file:///a'), true)).toBe('wholly');
    expect(fit('file:///a', resource('sallyport://files/a', 'file:///a'), false)).toBe('no');
  });

  test('that a wildcard allows leads nowhere outside of it', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      'a',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      '/',
      '?',
      '#',
      '%3f',
      '\uff0e',
      '%25',
      '2e',
      ' ',
      '%20',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const uri = `file:///data/public/${parts.join('')}`;
        if (!allows(open, uri)) return;
        expect(new URL(uri).pathname.startsWith('/data/public/')).toBe(true);
        expect(
          new URL(`file://${decodeURIComponent(uri.slice(7))}`).pathname.startsWith('/data/public/'),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a template', () => {
  test('is meant wholly or partly, by what it can stand for', () => {
    const files = template('file:///data/{path}');
    expect(fit('file:///data/*', files, false)).toBe('wholly');
    expect(fit('file:///data/secret/*', files, true)).toBe('partly');
    expect(fit('file:///etc/*', files, true)).toBe('no');
    expect(fit('*', files, true)).toBe('wholly');
  });
});

describe('a tool', () => {
  const tool: NamedTarget = { kind: 'tool', upstream: 'fs', name: 'read', exposedName: 'fs__read' };

  test('is meant by its exposed name and by its upstream, and by its own name where a rule restricts', () => {
    for (const pattern of ['fs__read', 'fs:read', 'fs:*', '/fs(__|:)re.*/']) {
      expect(fit(pattern, tool, false)).toBe('wholly');
      expect(fit(pattern, tool, true)).toBe('wholly');
    }
    expect(fit('read', tool, false)).toBe('no');
    expect(fit('read', tool, true)).toBe('wholly');
  });
});
