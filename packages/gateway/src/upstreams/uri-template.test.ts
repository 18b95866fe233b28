import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcherOf } from './uri-template.js';

const matches = (template: string, uri: string) => matcherOf(template)(uri);

describe('a URI template', () => {
  it.each([
    [
      'file:///{name}',
      ['file:///a', 'file:///a%20b', 'file:///a,b', 'file:///a b'],
      ['file:///', 'file:///a/b', 'file://x/a'],
    ],
    ['file:///{+path}', ['file:///a', 'file:///a/b?c#d'], ['file:///', 'files:///a']],
    ['file:///{path*}', ['file:///a', 'file:///a/b'], ['file:///']],
    ['x:{#part}', ['x:', 'x:#a/b'], ['x:a']],
    ['x:a{.ext}', ['x:a', 'x:a.txt', 'x:a.tar.gz'], ['x:b', 'x:a/txt']],
    ['x:a{/one,two}', ['x:a', 'x:a/b', 'x:a/b/c'], ['x:a/b/c/d', 'x:ab']],
    ['x:a{/all*}/z', ['x:a/z', 'x:a/b/c/d/z'], ['x:a/b/c']],
    ['x:a{;p,q}', ['x:a', 'x:a;p=1;q=2'], ['x:ap']],
    ['x:a{?p,q}', ['x:a', 'x:a?p=1&q=2'], ['x:a/b', 'x:a#?p']],
    ['x:a?fixed=1{&p}', ['x:a?fixed=1', 'x:a?fixed=1&p=2'], ['x:a?fixed=1p']],
    ['{scheme}://{host}/{+rest}', ['ftp://h/a/b'], ['ftp:/h/a']],
    ['x:{a:3}{user-id}{p%20q}{a.b}', ['x:abcd'], ['x:']],
    ['a.b+c(d)[e]$^|', ['a.b+c(d)[e]$^|'], ['aXb+c(d)[e]$^|']],
  ])('%s matches what it could expand to', (template, yes, no) => {
    for (const uri of yes) expect([uri, matches(template, uri)]).toEqual([uri, true]);
    for (const uri of no) expect([uri, matches(template, uri)]).toEqual([uri, false]);
  });

  it.each([
    'x:{',
    'x:}',
    'x:{}',
    'x:{{a}}',
    'x:{a b}',
    'x:{=a}',
    'x:{!a}',
    'x:{|a}',
    'x:{@a}',
    'x:{a,}',
    'x:{a:0}',
    'x:{a:12345}',
    'x:{%zz}',
    'x:{*}',
    `x:${'{a}'.repeat(33)}`,
    `x:{${'a,'.repeat(16)}a}`,
  ])('is refused when it is %s', (template) => {
    expect(() => matcherOf(template)).toThrow(Error);
  });

  it('matches each of its expansions', () => {
    const literal = fc.stringMatching(/^[a-z/:.?#()+*$^[\]\\|-]{0,8}$/);
    const value = fc.stringMatching(/^[A-Za-z0-9._~%-]{1,8}$/);
    const part = fc.record({
      literal,
      operator: fc.constantFrom('', '+', '#', '.', '/', ';', '?', '&'),
      value,
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const template = parts.map((one) => `${one.literal}{${one.operator}v}`).join('');
        const expanded = {
          '': '',
          '+': '',
          '#': '#',
          '.': '.',
          '/': '/',
          ';': ';v=',
          '?': '?v=',
          '&': '&v=',
        };
        const uri = parts
          .map((one) => `${one.literal}${expanded[one.operator as keyof typeof expanded]}${one.value}`)
          .join('');
        expect(matches(template, uri)).toBe(true);
      }),
    );
  });

  it('takes linear time, whatever it is, and nothing for a URI of another beginning', () => {
    const started = process.cpuUsage();
    expect(matches(`x:${'{a}x'.repeat(32)}y`, `x:${'x'.repeat(4000)}`)).toBe(false);
    expect(matches(`x:${'{+a}'.repeat(32)}!`, `x:${'a'.repeat(4000)}`)).toBe(false);
    expect(matches('x:{+a}', `x:${'a'.repeat(5000)}`)).toBe(false);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
  });
});
