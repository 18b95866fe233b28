import { describe, expect, it } from 'vitest';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { validateConfig } from './validate-config.js';

function problemsOf(raw: unknown): readonly ConfigProblem[] {
  try {
    validateConfig(raw);
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.problems;
    throw cause;
  }
  return [];
}

const upstreams = {};
const reached = (headers: object) => ({ upstreams: { a: { url: 'https://x.example', headers } } });
const started = (more: object) => ({ upstreams: { a: { command: 'node', ...more } } });

describe('headers of an upstream', () => {
  it.each(['Host', 'Content-Length', 'transfer-encoding', 'Mcp-Session-Id', 'Mcp-Param-Path'])(
    'are refused where the gateway writes %s itself',
    (name) => {
      const [problem, ...more] = problemsOf(reached({ [name]: 'x' }));
      expect(more).toEqual([]);
      expect(problem?.path).toBe(`upstreams.a.headers.${name}`);
      expect(problem?.message).toMatch(/^found "[\w-]+", which the gateway writes itself; expected a header/);
    },
  );

  it.each([
    ['x\r\nX-Admin: yes', 'U+000D'],
    ['x\ny', 'U+000A'],
    ['x\0', 'U+0000'],
    ['x\u007f', 'U+007F'],
    ['x€', 'U+20AC'],
    [`Bearer \u001b\${env:TOKEN}`, 'U+001B'],
  ])('are refused with a character that no header can carry, without their text: %j', (text, code) => {
    expect(problemsOf(reached({ 'X-Note': text }))).toMatchObject([
      { path: 'upstreams.a.headers.X-Note', found: `a text with the character ${code}` },
    ]);
  });

  it('may hold anything that a header can carry', () => {
    const headers = { Authorization: `Bearer \${env:T}`, 'X-Note': 'a\tb é', 'User-Agent': 'mine' };
    expect(problemsOf(reached(headers))).toEqual([]);
  });
});

describe('texts', () => {
  it.each([
    [started({ command: 'no\0de' }), 'upstreams.a.command'],
    [started({ args: ['a', 'b\0', 'c\0', 'd\0'] }), 'upstreams.a.args[1]'],
    [started({ env: { NAME: 'x\0' } }), 'upstreams.a.env.NAME'],
    [started({ cwd: 'x\0' }), 'upstreams.a.cwd'],
    [{ upstreams, dataDir: 'x\0' }, 'dataDir'],
  ])('are refused with the character NUL: %j', (raw, path) => {
    const [problem] = problemsOf(raw);
    expect(problem?.path).toBe(path);
    expect(problem?.message).toContain('expected text without the character NUL');
  });

  const lone = '\ud800';
  it.each([
    [started({ args: [lone] }), 'upstreams.a.args[0]'],
    [started({ env: { [`A${lone}`]: 'x' } }), 'upstreams.a.env."A\\ud800"'],
    [
      { upstreams, policy: { rules: [{ id: 'a', effect: 'deny', reason: `no ${lone}` }] } },
      'policy.rules[0].reason',
    ],
    [{ upstreams, auth: { tokens: [{ principal: lone, tokens: ['env:T'] }] } }, 'auth.tokens[0].principal'],
  ])('are refused where they are not well formed, with their path: %j', (raw, path) => {
    const [problem, ...more] = problemsOf(raw);
    expect(more).toEqual([]);
    expect(problem?.path).toBe(path);
    expect(problem?.message).toContain('expected well-formed text');
  });

  it('never show a variable that may be a secret', () => {
    const [problem] = problemsOf(started({ env: { API_KEY: 'hunter2\0' } }));
    expect(problem?.found).toBe('a text [masked]');
  });

  it.each([
    ['{"upstreams":{"__proto__":{"command":"node"}}}', 'upstreams.__proto__'],
    ['{"upstreams":{"a":{"command":"node","env":{"__proto__":"x"}}}}', 'upstreams.a.env.__proto__'],
  ])('are never dropped because of the name __proto__: %s', (text, path) => {
    expect(problemsOf(JSON.parse(text))).toMatchObject([{ path, found: '"__proto__"' }]);
  });
});

describe('listeners', () => {
  it.each([
    [{ control: { host: '127.0.0.1', port: 7777 } }],
    [{ control: { host: 'localhost', port: 7777 } }],
    [{ control: { host: '0.0.0.0', port: 7777 } }],
    [{ listen: { host: '::', port: 9000 }, control: { host: '::1', port: 9000 } }],
  ])('of agents and operators do not share an address: %j', (more) => {
    expect(problemsOf({ upstreams, ...more })).toMatchObject([
      { path: 'control.port', expected: 'a port of its own' },
    ]);
  });

  it.each([
    [{ control: { host: '127.0.0.1', port: 7778 } }],
    [{ listen: { port: 0 }, control: { host: '127.0.0.1', port: 0 } }],
    [{ listen: { host: '10.0.0.1' }, control: { host: '127.0.0.1', port: 7777 } }],
  ])('may stand beside each other: %j', (more) => {
    expect(problemsOf({ upstreams, ...more })).toEqual([]);
  });

  it.each([
    ['https://app.example/', 'did you mean "https://app.example"?'],
    ['https://app.example/path', 'did you mean "https://app.example"?'],
    ['https://app.example:443', 'did you mean "https://app.example"?'],
    ['https://bücher.example', 'did you mean "https://xn--bcher-kva.example"?'],
    ['app.example', 'expected an origin: scheme://host'],
    ['localhost:3000', 'expected an origin: scheme://host'],
    ['*', 'expected an origin: scheme://host'],
    ['null', 'expected an origin: scheme://host'],
  ])('allow no origin that a browser never sends: %j', (origin, remedy) => {
    const [problem, ...more] = problemsOf({ upstreams, listen: { allowedOrigins: [origin] } });
    expect(more).toEqual([]);
    expect(problem?.path).toBe('listen.allowedOrigins[0]');
    expect(problem?.message).toContain(remedy);
  });

  it.each(['https://gateway.example', 'gateway.example/', 'a b', '*', 'gateway.example:port'])(
    'answer to no host that no client can send: %j',
    (host) => {
      expect(problemsOf({ upstreams, listen: { allowedHosts: [host] } })).toMatchObject([
        { path: 'listen.allowedHosts[0]', expected: expect.stringContaining('host:port') as string },
      ]);
    },
  );

  it('take hosts and origins as clients send them', () => {
    const allowedHosts = ['gateway.example', 'Gateway.Example:8443', '10.0.0.1', '[::1]:7777'];
    const allowedOrigins = ['https://app.example', 'http://localhost:3000', 'chrome-extension://abcdef'];
    expect(problemsOf({ upstreams, listen: { allowedHosts, allowedOrigins } })).toEqual([]);
  });
});

describe('where people sign in', () => {
  const place = { issuer: 'https://idp.example', clientId: 'console' };
  const issuer = { issuer: 'https://tokens.example', audience: ['gateway'] };
  const paths = (auth: object, more: object = {}) =>
    problemsOf({ upstreams, auth, ...more }).map(({ path }) => path);

  it('is complete with an issuer and a name for the client', () => {
    expect(paths({ signIn: place })).toEqual([]);
    expect(paths({ signIn: place, issuers: [{ ...issuer, issuer: place.issuer }] })).toEqual([]);
    const prefixed = [{ ...issuer, prefix: 'tokens/' }];
    expect(paths({ signIn: { ...place, prefix: 'people/' }, issuers: prefixed })).toEqual([]);
  });

  it.each([
    ['auth.signIn.prefix', { signIn: place, issuers: [issuer] }],
    ['auth.signIn.prefix', { signIn: { ...place, prefix: 'a/b' }, issuers: [{ ...issuer, prefix: 'a/' }] }],
    ['auth.signIn.prefix', { signIn: { ...place, prefix: 'a/' }, issuers: [{ ...issuer, prefix: 'a/b' }] }],
    [
      'auth.signIn.prefix',
      { signIn: { ...place, prefix: 'a/' }, issuers: [{ ...issuer, issuer: place.issuer, prefix: 'a/b' }] },
    ],
    [
      'auth.signIn.prefix',
      {
        signIn: { ...place, claims: { principal: 'email' } },
        issuers: [{ ...issuer, issuer: place.issuer }],
      },
    ],
    ['auth.signIn.issuer', { signIn: { ...place, issuer: 'http://idp.example' } }],
    ['auth.signIn.scopes', { signIn: { ...place, scopes: ['profile'] } }],
    ['auth.signIn.sessionMinutes', { signIn: { ...place, sessionMinutes: 721 } }],
    ['auth.signIn.secret', { signIn: { ...place, secret: 'x' } }],
  ])('is refused at %s', (path, auth) => {
    expect(paths(auth)).toEqual([path]);
  });

  it('needs a public URL when the gateway listens beyond this machine', () => {
    expect(paths({ signIn: place }, { listen: { host: '0.0.0.0' } })).toContain('auth.publicUrl');
  });
});
