import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposedUris, gatewayUri, takenBack } from './resource-uris.js';

const upstream = fc.constantFrom('a', 'files', '0-9', 'x'.repeat(32));
const uri = fc.oneof(
  fc.constantFrom('ui://a/b', 'ui://', 'file:///x', 'sallyport.a+file:///x', 'ui://sallyport.a/x', 'a+b', ''),
  fc.webUrl(),
  fc.string(),
);

describe('the gateway form of a URI', () => {
  it('leads back to the upstream and its own URI, and to no other', () => {
    fc.assert(
      fc.property(upstream, uri, (id, own) => {
        expect(takenBack(gatewayUri({ upstream: id, uri: own }))).toEqual({ upstream: id, uri: own });
      }),
    );
  });

  it('is what it is taken for only if it would be made so', () => {
    fc.assert(
      fc.property(uri, (text) => {
        const own = takenBack(text);
        if (own !== undefined) expect(gatewayUri(own)).toBe(text);
      }),
    );
    for (const text of [
      'sallyport.a+ui://x',
      'ui://sallyport.a',
      'sallyport.A+x:',
      'SALLYPORT.a+x:',
      'sallyport.+x:',
    ]) {
      expect(takenBack(text)).toBeUndefined();
    }
  });

  it('keeps the scheme that hosts of apps look for, and is a URI otherwise', () => {
    expect(gatewayUri({ upstream: 'a', uri: 'ui://x/y' })).toBe('ui://sallyport.a/x/y');
    expect(new URL(gatewayUri({ upstream: '0-a', uri: 'file:///x' })).protocol).toBe('sallyport.0-a+file:');
  });
});

describe('exposed URIs', () => {
  it('are different where they are prefixed, whatever upstreams list', () => {
    const own = fc.uniqueArray(fc.record({ upstream, uri }), {
      selector: (one) => JSON.stringify(one),
      maxLength: 20,
    });
    fc.assert(
      fc.property(own, (all) => {
        const exposed = exposedUris(all, 'prefix');
        expect(new Set(exposed).size).toBe(all.length);
        for (const [index, text] of exposed.entries()) {
          expect(takenBack(text) ?? all[index]).toEqual(all[index]);
        }
      }),
    );
  });

  it('are as the upstreams write them under every other rule', () => {
    const all = [
      { upstream: 'a', uri: 'x:' },
      { upstream: 'b', uri: 'x:' },
    ];
    for (const rule of ['first', 'refuse'] as const) expect(exposedUris(all, rule)).toEqual(['x:', 'x:']);
  });
});
