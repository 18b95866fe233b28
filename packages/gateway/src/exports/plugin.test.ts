import { expect, test } from 'vitest';
import { configModules } from '../app/config/config-modules.js';
import * as entry from './index.js';
import * as plugin from './plugin.js';

test('a configuration file can import the same things whether the package is installed or not', () => {
  const { ConfigError: _error, createGateway: _create, ...described } = entry;
  expect(configModules.sallyport).toEqual(described);
  expect(configModules['sallyport/plugin']).toEqual({ ...plugin });
});

test('an evaluator is described by a plain value', () => {
  const options = { safeParse: (value: unknown) => ({ success: true as const, data: value }) };
  const create = () => ({ name: 'own', evaluate: () => ({ effect: 'allow' as const }) });
  expect(plugin.defineEvaluator({ name: 'own', options, create })).toEqual({
    kind: 'evaluator',
    name: 'own',
    options,
    create,
  });
});
