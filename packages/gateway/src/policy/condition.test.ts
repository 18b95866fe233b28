import { describe, expect, test } from 'vitest';
import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Tool } from '../model/tool.js';
import { Activation, describeTarget } from './activation.js';
import { CelEngine } from './cel-engine.js';
import { type Condition, ConditionFaults, compileCondition } from './condition.js';
import { shapeOfArguments } from './shape.js';

const engine = new CelEngine();

function schemaOf(properties: JsonObject): JsonObject {
  return { type: 'object', properties };
}

function toolOf(inputSchema: JsonObject): Tool {
  return {
    kind: 'tool',
    exposedName: 'pay',
    upstream: 'bank',
    name: 'pay',
    definition: { text: '{}', value: {} },
    inputSchema,
    annotations: { readOnlyHint: true },
    digest: 'sha256:x',
  };
}

function holds(text: string, args: JsonValue, properties?: JsonObject): boolean | string {
  const tool = toolOf(properties === undefined ? {} : schemaOf(properties));
  const question: Question = {
    action: 'call',
    method: 'tools/call',
    principal: { id: 'agent-a', credential: 'none', tenant: 't', roles: ['agent'], labels: { team: 'red' } },
    target: tool,
    args,
    at: Date.parse('2026-03-01T12:00:00Z'),
    callId: 'c1',
  };
  const facts = { ...describeTarget(tool), args: shapeOfArguments(tool.inputSchema) };
  try {
    return compileCondition(text, engine).holds(new Activation(question, facts));
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  }
}

function faults(text: string, properties?: JsonObject): string[] {
  try {
    const condition: Condition = compileCondition(text, engine);
    if (properties === undefined) return [];
    return condition.inspect(shapeOfArguments(schemaOf(properties))).findings.map(({ message }) => message);
  } catch (error) {
    if (error instanceof ConditionFaults) return error.findings.map(({ message }) => message);
    throw error;
  }
}

describe('numbers in a condition', () => {
  test('compare across integer and decimal literals, whatever the schema says', () => {
    for (const type of ['integer', 'number', undefined]) {
      const properties = { n: type === undefined ? {} : { type } };
      for (const text of [
        'args.n == 1',
        'args.n == 1.0',
        'args.n <= 100',
        'args.n < 1.5',
        'args.n in [1, 2]',
      ]) {
        expect(faults(text, properties), `${text} with ${type}`).toEqual([]);
        expect(holds(text, { n: 1 }, properties), `${text} with ${type}`).toBe(true);
      }
    }
    expect(holds('args.n > 99.5', { n: 99.75 })).toBe(true);
  });

  test('are never made from strings', () => {
    for (const text of ['args.n == 1', 'args.n != 1', 'args.n <= 1']) {
      expect(holds(text, { n: '1' })).toContain('args.n');
      expect(holds(text, { n: '1' }, { n: { type: 'integer' } })).toContain('is not an integer');
      expect(holds(text, { n: '1' }, { n: { type: 'number' } })).toContain('is not a number');
    }
  });

  test('keep all their digits or fail', () => {
    const id = { id: { type: 'integer' } };
    expect(holds('args.id == 9007199254740993', { id: 9007199254740993n }, id)).toBe(true);
    expect(holds('args.id == 9007199254740992', { id: 9007199254740993n }, id)).toBe(false);
    expect(holds('args.id == 9007199254740992', { id: 9007199254740993n })).toBe(false);
    expect(holds('args.id > 0', { id: 2n ** 63n }, id)).toContain('64-bit');
    expect(holds('args.id > 0', { id: 2n ** 63n })).toContain('64-bit');
    expect(holds('args.n > 0', { n: 9007199254740993n }, { n: { type: 'number' } })).toContain('more digits');
    expect(holds('args.id > 0', { id: 1.5 }, id)).toContain('args.id is not an integer');
  });
});

describe('a condition', () => {
  test('fails on a missing member unless has() guards it', () => {
    expect(holds('args.mode == "fast"', {})).toBe('args.mode: is absent; guard it with has(...)');
    expect(holds('has(args.mode) && args.mode == "fast"', {})).toBe(false);
  });

  test('compares no list with a string, so that ["x"] cannot pass for "x"', () => {
    expect(holds('args.path != "/etc"', { path: ['/etc'] })).toContain('different types');
    expect(holds('args.path.startsWith("/srv")', { path: ['/srv'] })).toContain('types');
  });

  test('finds no value among those of another type, so that ["x"] is not outside of a list of texts', () => {
    for (const mode of [['admin'], { admin: 1 }, 5, 1.5, true])
      expect(holds('!(args.mode in ["admin"])', { mode }), JSON.stringify(mode)).not.toBe(true);
    expect(holds('!(args.n in [1, 2])', { n: '1' })).toContain('different types');
    expect(holds('!(args.n in [1, 2])', { n: 1.5 })).toBe(true);
    expect(holds('args.n in [1.5, 2.0]', { n: 2 })).toBe(true);
    expect(holds('!(args.mode in ["admin"])', { mode: 'guest' })).toBe(true);
    expect(holds('args.l == [["a"]] && ["a"] in args.l', { l: [['a']] })).toBe(true);
  });

  test('may ask whether an untyped value is null', () => {
    expect(holds('args.x == null || args.x == "a"', { x: null })).toBe(true);
    expect(holds('args.x != null', { x: 'a' })).toBe(true);
  });

  test('sees caller, tool, call and time', () => {
    const text =
      'principal.id == "agent-a" && "agent" in principal.roles && principal.labels.team == "red" && tool.readOnly && ' +
      '!tool.destructive && tool.upstream == "bank" && call.method == "tools/call" && call.id == "c1" && ' +
      'now.getHours() == 12 && call.at == now && now < timestamp("2027-01-01T00:00:00Z")';
    expect(holds(text, {})).toBe(true);
  });

  test('reads members by any name, those of JavaScript objects included', () => {
    expect(holds('has(args.constructor)', {})).toBe(false);
    expect(holds('args.constructor == "x"', { constructor: 'x' })).toBe(true);
    expect(holds('args["a.b"] == "x"', { 'a.b': 'x' })).toBe(true);
    expect(holds('has(args.o.toString)', { o: {} })).toBe(false);
    expect(holds('args.o.a == 1', { o: { constructor: null, a: 1 } })).toBe(true);
  });

  test('can look at all arguments', () => {
    expect(holds('"force" in args || size(args) > 1', { force: true })).toBe(true);
    expect(holds('size(args) > 1', { a: 1 })).toBe(false);
  });

  test('never names values in a failure', () => {
    expect(holds('bool(args.secret)', { secret: 'hunter2' })).not.toContain('hunter2');
    expect(holds('args.map[args.secret] == 1', { secret: 'hunter2', map: {} })).not.toContain('hunter2');
  });

  test('must be true or false', () => {
    expect(faults('args.n', { n: { type: 'string' } })[0]).toContain('must be true or false');
    expect(holds('args.n', { n: 'x' })).toContain('neither true nor false');
  });
});

describe('matches()', () => {
  test('matches the whole text', () => {
    expect(holds('args.p.matches("/srv/.*")', { p: '/srv/a' })).toBe(true);
    expect(holds('args.p.matches("/srv/.*")', { p: '/etc/srv/a' })).toBe(false);
    expect(holds('args.p.matches("[a-z]+")', { p: 'abc\n/etc' })).toBe(false);
    expect(holds('args.p.matches("^[a-z]+$")', { p: 'abc\n/etc' })).toBe(false);
  });

  test('takes linear time for a pattern made to backtrack', () => {
    const started = process.cpuUsage();
    expect(holds('args.p.matches("^(a+)+$")', { p: `${'a'.repeat(39)}!` })).toBe(false);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1_000);
  });

  test('is replaced wherever it stands, and only where it is a call', () => {
    const args = { matches: 'a', list: ['a', 'aa'] };
    expect(
      holds('args.matches == "a" && args.matches.matches("a") && "x.matches(y)" != args.matches', args),
    ).toBe(true);
    expect(holds('args.list.exists(x, (x + "") . matches // matches(\n ("aa"))', args)).toBe(true);
    expect(holds('args.list.filter(x, x.matches("a")).map(y, y.matches("a"))[0]', args)).toBe(true);
  });

  test('needs a pattern that is known and valid at load', () => {
    expect(faults('args.p.matches(args.q)')[0]).toContain('string literal');
    expect(faults('args.p.matches("(a")')[0]).toContain('RE2');
    expect(faults('args.p.matches("(?=a)b")')[0]).toContain('RE2');
    expect(faults('matches(args.p, "a")')[0]).toContain('write value.matches("pattern")');
    expect(faults('args.p.matches("a", "b")').length).toBeGreaterThan(0);
  });
});

describe('loading a condition', () => {
  const schema = {
    path: { type: 'string' },
    limit: { type: 'integer' },
    amount: { type: 'number' },
    mode: { enum: ['read', 'write'] },
    filter: { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false },
    open: { type: 'object', properties: { name: { type: 'string' } } },
    items: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' } }, additionalProperties: false },
    },
  };

  test.each([
    ['args.pth == "x"', '"pth" is not a member of args; it has "path", "limit"', 'did you mean "path"?'],
    ['args["pth"] == "x"', '"pth" is not a member of args', '"path"'],
    ['args.filter.nmae == "x"', '"nmae" is not a member of args.filter; it has "name"', '"name"'],
    ['args.items.exists(i, i.skuu == "x")', '"skuu" is not a member of i; it has "sku"', '"sku"'],
    ['args.path == 5', 'compares a string with an integer', 'never be equal'],
    ['args.limit == "5"', 'compares an integer with a string', 'never be equal'],
    ['args.limit in ["5"]', 'looks for an integer in a list<string>', ''],
    ['args.limit.startsWith("5")', 'integer.startsWith', ''],
    ['args.path > 3', 'applies ">" to a string and an integer', ''],
    ['args.mode == "wriet"', '"wriet" is not among the values the schema allows: "read", "write"', '"write"'],
    ['args.mode in ["delete", "drop"]', '"delete", "drop" is not among the values', ''],
    ['"name" in args.filter', 'write has(...) instead', ''],
    ['args.open.name == 3', 'compares a string with an integer', ''],
  ])('finds what is wrong with %s', (text, expected, remedy) => {
    const found = faults(text, schema);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).toContain(remedy);
  });

  test.each([
    'args.path.startsWith("/srv/") && args.limit <= 10.5',
    'args.mode in ["write", "delete"]',
    'args.open.other == 3',
    'has(args.filter.name) && args.filter.name.size() > 3',
    'args.items.all(i, i.sku != "")',
    'dyn(args) == {} || args.amount in [1, 2]',
    'args.items.map(i, i.sku).exists(s, s == "x") ? true : principal.id == "x"',
    'args.path == r"C:\\temp" || args.amount * 0.12345678912 > 1.0 - (2.0 - 1.0)',
  ])('accepts %s', (text) => {
    expect(faults(text, schema)).toEqual([]);
  });

  test('collects a guarded member that this schema lacks instead of refusing it', () => {
    const condition = compileCondition('has(args.url) && args.url.startsWith("https:")', engine);
    const { findings, absent } = condition.inspect(shapeOfArguments(schemaOf(schema)));
    expect(findings).toEqual([]);
    expect(absent).toEqual(['args.url']);
  });

  test.each([
    ['args.a ==', 'is not CEL'],
    ['argz.a == 1', 'is not a variable'],
    ['principal.nam == "x"', '"nam" is not a member of principal; it has "id", "tenant", "roles", "labels"'],
    ['tool.readonly', 'did you mean "readOnly"?'],
    ['args.l.all(args, args == 1)', 'name the loop'],
    ['cel.bind(x, args, true)', 'cel.bind'],
    ['1 > 2', 'can never match'],
    ['args.a.all(b, b.all(c, c.all(d, d.all(e, e == 1))))', 'at most 3'],
    [`!${'!'.repeat(16_000)}`, 'is not CEL'],
    ['x'.repeat(20_000), 'at most 16384'],
    [`args.a${' || args.a'.repeat(1_500)}`, 'maxAstNodes'],
  ])('refuses %j', (text, expected) => {
    const found = faults(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toContain(expected);
  });

  test('bounds the work of loops by the length of the arguments', () => {
    const long = Array.from({ length: 3_000 }, () => 1);
    expect(holds('args.l.all(x, x == 1)', { l: long })).toBe(true);
    expect(holds('args.l.all(x, args.l.all(y, x == y))', { l: long })).toContain('too long for the loops');
    expect(
      holds('args.s.split("").all(x, args.s.split("").all(y, x == y))', { s: 'a'.repeat(3_000) }),
    ).toContain('too long');
  });
});
