import { expect, test } from 'vitest';
import { checkExposure } from './check-exposure.js';
import { configInMemory } from './load-config.js';

const config = await configInMemory({ upstreams: {} }, '/', { environment: {} });

test('a gateway that nobody may call listens on loopback only', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1']) {
    expect(() => checkExposure({ ...config, listen: { ...config.listen, host } }, false)).not.toThrow();
  }
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'gateway.example', '127.0.0.1.example']) {
    const exposed = { ...config, listen: { ...config.listen, host } };
    expect(() => checkExposure(exposed, false)).toThrow(/^listen\.host: found .*; expected a key or a token/);
    expect(() => checkExposure(exposed, true)).not.toThrow();
  }
});

test('the listener for operators is held to the same', () => {
  const exposed = { ...config, control: { host: '0.0.0.0', port: 7778 } };
  expect(() => checkExposure(exposed, false)).toThrow(/^control\.host/);
});
