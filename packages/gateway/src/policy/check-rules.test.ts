import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../model/json.js';
import type { Tool } from '../model/tool.js';
import { compilePolicy } from './policy.js';
import { promptOf, resourceOf } from './policy-fixture.js';
import type { RuleSpec } from './rule.js';

function toolOf(upstream: string, name: string, properties: JsonObject): Tool {
  return {
    kind: 'tool',
    exposedName: name,
    upstream,
    name,
    definition: { text: '{}', value: {} },
    inputSchema: { type: 'object', properties },
    annotations: {},
    digest: 'sha256:x',
  };
}

const text = { type: 'string' };
const tools = [
  toolOf('fs', 'read_file', { path: text, head: { type: 'integer' }, tail: { type: 'integer' } }),
  toolOf('fs', 'write_file', { path: text, content: text }),
  toolOf('web', 'fetch', { url: text }),
];
const allUp = [
  { id: 'fs', up: true },
  { id: 'web', up: true },
];

function problems(rule: Partial<RuleSpec>, upstreams = allUp, offered = tools) {
  const policy = compilePolicy({ default: 'deny', rules: [{ id: 'r', match: {}, effect: 'deny', ...rule }] });
  return policy.check({ tools: offered }, upstreams);
}

describe('checking rules against the tools there are', () => {
  test('finds nothing wrong with rules that fit', () => {
    expect(problems({ match: { tools: ['read_*'] }, when: 'args.path == "/etc" && has(args.head)' })).toEqual(
      [],
    );
    expect(problems({ match: { upstreams: ['f*'] }, when: 'args.path.matches("/srv/.*")' })).toEqual([]);
    expect(problems({ match: { tools: ['fs:read_file'] } })).toEqual([]);
  });

  test('names rule, tool, the misspelt argument and the names that exist', () => {
    expect(
      problems({
        match: { tools: ['read_file'] },
        when: 'args.pth == "/etc"',
        origin: { file: 's.yaml', line: 3 },
      }),
    ).toMatchObject([
      {
        rule: 'r',
        target: 'read_file',
        place: { file: 's.yaml', line: 3 },
        message:
          'rule "r" (s.yaml:3), condition line 1, column 6, with tool "read_file": "pth" is not a member of args; ' +
          'it has "path", "head", "tail"; did you mean "path"?',
      },
    ]);
  });

  test('checks a condition against every tool its rule matches', () => {
    const found = problems({ when: 'args.path == "/etc"' });
    expect(found.map(({ target }) => target)).toEqual(['fetch']);
  });

  test('lets one rule ask several tools for an argument only some have, when it guards it', () => {
    expect(problems({ when: 'has(args.url) && args.url.startsWith("http:")' })).toEqual([]);
    expect(problems({ when: 'has(args.ulr) && args.ulr.startsWith("http:")' })[0]?.message).toContain(
      '"args.ulr" exists in no tool the rule matches; there are "path", "head", "tail", "content", "url"; did you mean "url"?',
    );
    expect(
      problems({ match: { tools: ['fetch'] }, when: 'has(args.url) && args.url == 3' })[0]?.message,
    ).toContain('compares');
  });

  test('finds an upstream that is not configured', () => {
    const [found] = problems({ match: { upstreams: ['fss'] } });
    expect(found?.message).toBe(
      'rule "r": match.upstreams "fss" is no configured upstream; there are "fs", "web"; did you mean "fs"?',
    );
  });

  test('finds a rule that can never match once every upstream it could match is up', () => {
    const rule = { match: { tools: ['raed_file', 'nothing_*'] } };
    expect(problems(rule)[0]?.message).toContain(
      'can never match: no tool is named "raed_file", "nothing_*"',
    );
    expect(problems(rule)[0]?.message).toContain('did you mean "read_file"?');
    const fsDown = [
      { id: 'fs', up: false },
      { id: 'web', up: true },
    ];
    expect(problems(rule, fsDown, tools.slice(2))).toEqual([]);
    expect(problems({ match: { tools: ['web:fecth'] } }, fsDown, tools.slice(2))).toHaveLength(1);
    expect(
      problems({ match: { tools: ['fecth'], upstreams: ['web'] } }, fsDown, tools.slice(2)),
    ).toHaveLength(1);
  });

  test('finds a misspelt name in a list whose other names exist, and leaves precautionary patterns alone', () => {
    expect(problems({ match: { tools: ['read_file', 'wriet_file'] } })[0]?.message).toContain(
      'match.tools "wriet_file" is the name of no tool',
    );
    expect(problems({ match: { tools: ['read_file', '*delete*'] } })).toEqual([]);
  });

  test('finds names of prompts that there are none of, where prompts are known', () => {
    const policy = (match: RuleSpec['match']) =>
      compilePolicy({ default: 'deny', rules: [{ id: 'r', match, effect: 'allow' }] });
    const offer = { tools, prompts: [promptOf('greet')] };
    expect(policy({ prompts: ['greet'] }).check(offer, allUp)).toEqual([]);
    expect(policy({ prompts: ['gret'] }).check(offer, allUp)[0]?.message).toContain(
      'can never match: no prompt is named "gret"; there are "greet", "fs:greet"; did you mean "greet"?',
    );
    expect(policy({ prompts: ['gret'] }).check({ tools }, allUp)).toEqual([]);
    expect(policy({ tools: ['read_file'], prompts: ['greet'] }).check(offer, allUp)).toEqual([]);
  });

  test('takes names of rules about what upstreams ask for what they are: names of tools', () => {
    const match = { tools: ['read_file'], methods: ['sampling/createMessage'] };
    expect(problems({ match, when: 'args.maxTokens < 100' })).toEqual([]);
    expect(problems({ match: { ...match, tools: ['raed_file'] } })[0]?.message).toContain(
      'did you mean "read_file"?',
    );
  });

  test('names the upstreams that a ban may miss', () => {
    expect(problems({ match: { tools: ['raed_file'] } })[0]?.missed).toEqual(['fs', 'web']);
    expect(problems({ match: { tools: ['fs:raed_file'] } })[0]?.missed).toEqual(['fs']);
    expect(problems({ match: { tools: ['raed_file'] }, effect: 'ask' })[0]?.missed).toEqual(['fs', 'web']);
    expect(problems({ match: { tools: ['raed_file'] }, effect: 'allow' })[0]?.missed).toBeUndefined();
  });

  describe('with upstreams of tenants', () => {
    const present = [
      { id: 'fs', up: true },
      { id: 'web', up: false, tenant: 'acme' },
      { id: 'own', up: true, tenant: 'default' },
    ];
    const offered = [...tools, toolOf('own', 'own_tool', {})];
    const layerOf = (tenant: string) => ({ tenant, callers: 'own' as const, policy: 'p', index: 0 });
    const found = (rule: Partial<RuleSpec>) => problems(rule, present, offered);

    test("a tenant's rule is about what all have and its own, and is told nothing of others'", () => {
      const [asOther] = found({ match: { tools: ['fetch'] }, layer: layerOf('bcorp') });
      expect([asOther?.missed, asOther?.tenant]).toEqual([['fs'], 'bcorp']);
      expect(asOther?.message).not.toMatch(/web|own/);
      expect(found({ match: { tools: ['fetch'] }, layer: layerOf('acme') })).toEqual([]);
      const [ofUpstreams] = found({ match: { upstreams: ['webb'] }, layer: layerOf('bcorp') });
      expect([ofUpstreams?.missed, ofUpstreams?.what]).toEqual([
        ['fs'],
        expect.not.stringMatching(/"(web|own)"/),
      ]);
    });

    test('a rule of the file is not about what a tenant made, unless it names that', () => {
      const [missing] = found({ match: { tools: ['fetch'] } });
      expect([missing?.missed, missing?.tenant]).toEqual([['fs', 'own'], undefined]);
      expect(found({ match: { tools: ['web:fetch'] } })).toEqual([]);
      expect(found({ match: { upstreams: ['web'] } })).toEqual([]);
      expect(found({ match: { tools: ['own_tool'] } })).toEqual([]);
      expect(found({ match: { tools: ['own:gone'] } })).toMatchObject([
        { missed: ['own'], tenant: 'default' },
      ]);
      expect(
        found({ match: { tools: ['*'] }, when: 'args.url == "x"' }).map(({ target }) => target),
      ).not.toContain('fetch');
    });
  });

  test('tells of many targets with the same arguments once', () => {
    const rule: RuleSpec = { id: 'r', match: { resources: ['*'] }, effect: 'deny', when: 'args.x == 1' };
    const resources = [resourceOf('file:///a'), resourceOf('file:///b')];
    const found = compilePolicy({ default: 'deny', rules: [rule] }).check({ tools: [], resources }, allUp);
    expect(found.map(({ target }) => target)).toEqual(['file:///a']);
  });

  test('points at the part of the rule that is wrong', () => {
    const place = (line: number) => ({ line, column: 9 });
    const parts = { match: place(5), 'match.tools': place(6), when: place(8) };
    const origin = { file: 's.yaml', line: 4, column: 7, parts };
    expect(problems({ match: { tools: ['raed_file'] }, origin })[0]?.message).toMatch(
      /^rule "r" \(s\.yaml:6:9\): /,
    );
    expect(problems({ match: { tools: ['read_file'] }, when: 'args.pth == 1', origin })[0]?.message).toMatch(
      /^rule "r" \(s\.yaml:8:9\), condition line 1, column 6, with tool "read_file": /,
    );
    expect(problems({ match: { upstreams: ['fss'] }, origin })[0]?.message).toMatch(
      /^rule "r" \(s\.yaml:5:9\): /,
    );
  });
});
