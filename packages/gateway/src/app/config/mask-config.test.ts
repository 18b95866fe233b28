import { expect, test } from 'vitest';
import { maskConfig } from './mask-config.js';
import { validateConfig } from './validate-config.js';

const shown = (upstream: object) => maskConfig(validateConfig({ upstreams: { a: upstream } })).upstreams.a;

test('shows references and hides literal headers and variables', () => {
  const headers = {
    Authorization: `Bearer \${env:TOKEN}`,
    A: 'literal',
    B: 'file:secret',
    C: `half-\${env:TOKEN}`,
  };
  expect(shown({ url: 'https://x.example/mcp', headers })).toMatchObject({
    headers: {
      Authorization: `Bearer \${env:TOKEN}`,
      A: '[masked]',
      B: 'file:secret',
      C: `[masked]\${env:TOKEN}`,
    },
  });
  expect(shown({ command: 'x', env: { DATABASE_URL: 'postgres://u:p@h/d' } })).toMatchObject({
    env: { DATABASE_URL: '[masked]' },
  });
});

test('hides passwords and secret-like parameters of URLs and arguments', () => {
  const url = 'https://user:hunter2@x.example/mcp?api_key=hunter2&page=1';
  expect(JSON.stringify(shown({ url }))).not.toContain('hunter2');
  expect(JSON.stringify(shown({ url }))).toContain('page=1');
  const args = [
    '--token',
    'hunter2',
    '--api-key=hunter2',
    'postgres://u:hunter2@h/d',
    '--verbose',
    'plain',
    'PASSWORD=hunter2',
  ];
  const text = JSON.stringify(shown({ command: 'x', args }));
  expect(text).not.toContain('hunter2');
  expect(text).toContain('plain');
});

test('hides literal headers and passwords of the services that decide', () => {
  const { evaluators } = maskConfig(
    validateConfig({
      upstreams: {},
      evaluators: [
        {
          name: 'opa',
          kind: 'opa',
          url: 'https://opa.example?token=hunter2',
          path: 'a',
          headers: { A: 'hunter2', B: 'env:TOKEN' },
        },
      ],
    }),
  );
  expect(JSON.stringify(evaluators)).not.toContain('hunter2');
  expect(evaluators[0]).toMatchObject({ headers: { A: '[masked]', B: 'env:TOKEN' } });
});
