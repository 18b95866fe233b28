import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.js';
import { Histories } from '../histories.js';
import { asked, callerOf, faultsOf, policyOf, toolOf } from '../policy-fixture.js';

const text = { type: 'string' };
const any = toolOf('any');
const typed = toolOf('typed', {
  path: text,
  to: { type: 'array', items: text },
  url: text,
  ip: text,
  sql: text,
  n: { type: 'integer' },
});

/** What an allow rule with this condition decides, or why it failed. */
function decide(when: string, args: JsonObject, at = 0, target = any): string {
  const { effect, detail } = policyOf({ effect: 'allow', when }).decide(asked(target, args, { at }));
  return detail?.replace('condition of allow rule "r0": ', '') ?? effect;
}

describe('within()', () => {
  const when = 'args.path.within("/data/public")';

  test('answers for plain paths and denies where there is doubt, whatever the effect of the rule', () => {
    expect(decide(when, { path: '/data/public/a' })).toBe('allow');
    expect(decide(when, { path: '/data/public/../secret' })).toBe('deny');
    expect(decide(when, { path: '/data/public/%2e%2e/secret' })).toBe(
      `${when}: can be read in more than one way`,
    );
    expect(decide(when, { path: ['/data/public/a', '/data/secret'] })).toContain(
      'does not take values of these types',
    );
    const ban = policyOf({ effect: 'allow' }, { effect: 'deny', when: 'args.path.within("/data/secret")' });
    expect(ban.decide(asked(any, { path: '/data/public/%2e%2e/secret' })).effect).toBe('deny');
    expect(ban.decide(asked(any, { path: '/data/public' })).effect).toBe('allow');
  });

  test('takes several folders, and one that depends on the caller', () => {
    expect(decide('args.path.within(["/a", "/b"])', { path: '/b/c' })).toBe('allow');
    expect(decide('args.path.within(["/a", "/b"])', { path: '/c' })).toBe('deny');
    expect(decide('args.path.within("/home/" + principal.id)', { path: '/home/agent-a/x' })).toBe('allow');
    expect(decide('args.path.within(args.folder)', { path: '/a', folder: '/x/../..' })).toContain('has ".."');
  });

  test('never names the path it stumbles over', () => {
    expect(decide(when, { path: '~/hunter2' })).not.toContain('hunter2');
  });
});

describe('domains, addresses and networks', () => {
  const inside = 'size(args.to) > 0 && args.to.all(to, emailDomain(to) == "corp.example")';

  test('of e-mail are compared exactly, and lists and headers in an address deny', () => {
    expect(decide(inside, { to: ['a@corp.example', 'b@CORP.example'] })).toBe('allow');
    expect(decide(inside, { to: ['a@corp.example', 'x@evil.example'] })).toBe('deny');
    expect(decide(inside, { to: [] })).toBe('deny');
    for (const to of [
      'a@corp.example,x@evil.example',
      'a@corp.example\r\nBcc: x@evil.example',
      'a@c\u043erp.example',
    ]) {
      expect(decide(inside, { to: [to] })).toContain('is no single plain e-mail address');
    }
  });

  test('of URLs are compared with patterns', () => {
    const when = 'domainOf(args.url).matchesDomain(["corp.example", "*.corp.example"])';
    expect(decide(when, { url: 'https://api.corp.example/x' })).toBe('allow');
    expect(decide(when, { url: 'https://corp.example.evil.example/x' })).toBe('deny');
    expect(decide(when, { url: 'https://corp.example@evil.example/x' })).toContain('user name');
    expect(decide('!domainOf(args.url).inCidr("127.0.0.0/8")', { url: 'http://127.1/' })).toBe('deny');
    expect(decide('args.ip.inCidr(["10.0.0.0/8", "::1"])', { ip: '10.1.2.3' })).toBe('allow');
    expect(decide('args.ip.inCidr("10.0.0.0/8")', { ip: '10.1' })).toContain('is no IP address');
  });
});

describe('sum()', () => {
  test('adds up integers and decimals, and nothing else', () => {
    const when = 'args.items.all(i, i.amount <= 100.0) && args.items.map(i, i.amount).sum() <= 200';
    expect(decide(when, { items: [{ amount: 100 }, { amount: 99.5 }] })).toBe('allow');
    expect(decide(when, { items: Array.from({ length: 201 }, () => ({ amount: 1 })) })).toBe('deny');
    expect(decide('args.n.sum() == 18014398509481985', { n: [9007199254740993n, 9007199254740992n] })).toBe(
      'allow',
    );
    expect(decide('args.n.sum() == 0', { n: [] })).toBe('allow');
    expect(decide('args.n.sum() < 5', { n: [1, '1'] })).toContain('no numbers');
    expect(decide('args.n.sum() < 5.5', { n: [1.5, 9007199254740993n] })).toContain('no numbers');
  });
});

describe('time', () => {
  const summer = Date.parse('2026-06-10T07:30:00Z');

  test('is read from the clock of a zone, whatever the zone of this machine', () => {
    expect(
      decide('now.getHours("Europe/Berlin") == 9 && now.getMinutes("Asia/Kolkata") == 0', {}, summer),
    ).toBe('allow');
    expect(
      decide('now.getDayOfWeek("Europe/Berlin") == 3 && now.getDate("Pacific/Auckland") == 10', {}, summer),
    ).toBe('allow');
    expect(
      decide(
        'now.getMonth("UTC") == 5 && now.getFullYear("UTC") == 2026 && now.getDayOfMonth("UTC") == 9',
        {},
        summer,
      ),
    ).toBe('allow');
    expect(
      decide(
        'now.getDayOfYear() == 160 && now.getDayOfYear("Europe/Berlin") == 160 && now.getSeconds("UTC") == 0',
        {},
        summer,
      ),
    ).toBe('allow');
    expect(decide('now.getHours() == 7 && duration("90m").getHours() == 1', {}, summer)).toBe('allow');
    expect(decide('now.getHours("Europe/Berlin") == 2', {}, Date.parse('2026-03-29T01:30:00Z'))).toBe('deny');
    expect(decide('now.getHours(args.zone) == 9', { zone: 'Europe/Berln' }, summer)).toContain(
      'is no time zone',
    );
  });

  test('is compared with schedules', () => {
    const when =
      'now.during("mon-fri 09:00-17:00 Europe/Berlin") && !now.during("13:00-14:00 Europe/Berlin")';
    expect(decide(when, {}, summer)).toBe('allow');
    expect(decide(when, {}, Date.parse('2026-06-10T11:30:00Z'))).toBe('deny');
    expect(decide('timestamp("2026-06-13T09:00:00Z").during("sat")', {})).toBe('allow');
  });
});

describe('texts', () => {
  test('change case in ASCII only', () => {
    expect(decide('args.s.lowerAscii() == "k"', { s: '\u212a' })).toBe('deny');
    expect(decide('args.s.upperAscii() == "S"', { s: '\u017f' })).toBe('deny');
    expect(decide('args.s.lowerAscii() == "abc" && args.s.upperAscii() == "ABC"', { s: 'aBc' })).toBe(
      'allow',
    );
  });

  test('are matched in linear time and up to an amount of work', () => {
    expect(decide('args.s.matches("(a+)+b")', { s: `${'a'.repeat(5_000)}!` })).toBe('deny');
    const started = process.cpuUsage();
    expect(decide('args.s.matches("(x{0,30}[ab]){0,33}y")', { s: 'ab'.repeat(100_000) })).toContain(
      'more text than one decision may',
    );
    expect(
      decide('args.l.exists(s, s.matches("(?s).*(a|b|c)+.*d"))', {
        l: Array.from({ length: 2_000 }, () => 'a'.repeat(2_000)),
      }),
    ).toContain('more text');
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
  });

  test('of SQL are read by a parser', () => {
    expect(decide('sqlReadOnly(args.sql)', { sql: 'select 1' })).toBe('allow');
    expect(decide('sqlReadOnly(args.sql, "mysql")', { sql: 'select 1; drop table t' })).toBe('deny');
    expect(decide('sqlReadOnly(args.sql)', { sql: ['select 1'] })).toContain(
      'does not take values of these types',
    );
  });
});

describe('history', () => {
  const histories = new Histories();
  const read = toolOf('read_secret');
  const ann = callerOf('ann');
  const ask = (when: string, args: JsonObject = {}, by = ann) => {
    const question = asked(any, args, { at: 60_000, principal: by, history: histories.of(by) });
    const { effect, detail } = policyOf({ effect: 'allow', when }).decide(question);
    return detail ?? effect;
  };
  histories.began(ann, read, 10_000);
  histories.learned(ann, read, {
    content: [{ type: 'text', text: 'card 4111111111111111 of eve@corp.example' }],
  });

  test('says what the caller called, how often, and last', () => {
    expect(
      ask(
        'history.calls("read_*") == 1 && history.calls("fs:read_secret") == 1 && history.calls("other") == 0',
      ),
    ).toBe('allow');
    expect(ask('history.calls("*", duration("50s")) == 1 && history.calls("*", duration("49s")) == 0')).toBe(
      'allow',
    );
    expect(ask('history.last() == "read_secret"')).toBe('allow');
    expect(ask('history.last() == "" && history.calls("*") == 0', {}, callerOf('bob'))).toBe('allow');
  });

  test('says whether data of an earlier result is in the arguments', () => {
    const when = '!history.dataFrom("read_*", args)';
    expect(ask(when, { body: 'to: eve@corp.example' })).toBe('deny');
    expect(ask(when, { list: [{ n: 4111111111111111 }] })).toBe('deny');
    expect(ask(when, { body: 'hello' })).toBe('allow');
    expect(ask(when, { body: 'to: eve@corp.example' }, callerOf('bob'))).toBe('allow');
    expect(ask('!history.dataFrom("other", args.body)', { body: 'to: eve@corp.example' })).toBe('allow');
    expect(ask(when, { body: 'x'.repeat(1_100_000) })).toContain('too long');
  });

  test('denies where nobody keeps it', () => {
    const when = 'history.calls("*") == 0';
    expect(decide(when, {})).toContain('is not known here');
    expect(
      policyOf({ effect: 'allow' }, { effect: 'deny', when: 'history.calls("*") > 0' }).decide(asked(any))
        .effect,
    ).toBe('deny');
  });

  test('is asked for only by policies that say so', () => {
    expect(policyOf({ effect: 'allow' })).toMatchObject({ readsHistory: false, followsData: false });
    expect(policyOf({ effect: 'allow', when: 'history.calls("*") < 9' })).toMatchObject({
      readsHistory: true,
      followsData: false,
    });
    expect(policyOf({ effect: 'deny', when: 'history.dataFrom("*", args)' })).toMatchObject({
      readsHistory: true,
      followsData: true,
    });
  });
});

describe('loading a condition that calls a function', () => {
  test.each([
    ['args.p.within("/a/../b")', 'the folder of "within" has ".."'],
    ['args.p.within(["/a", "b%20"])', 'the folder of "within" is no folder'],
    ['args.d.matchesDomain("Corp.example")', 'the domain of "matchesDomain" is no domain in lower case'],
    ['args.i.inCidr("10.0.0.0/99")', 'the network of "inCidr" is no network'],
    ['now.during("mon 25:00-26:00")', 'the schedule of "during" has "25:00"'],
    ['now.during(args.s)', 'the schedule of "during" must be a string literal'],
    ['now.getHours("Europe/Berln") == 1', 'the zone of "getHours" is no time zone'],
    ['history.calls("[x]") > 1', 'the pattern of "calls" contains "["'],
    ['history.calls(args.x) > 1', 'must be a string literal'],
    ['history.dataFrom("(", args)', 'the pattern of "dataFrom" contains "("'],
    ['sqlReadOnly(args.s, "cobol")', 'the dialect of "sqlReadOnly" is none of "bigquery"'],
    ['args.s.matches("(a")', 'the pattern of "matches" is not a regular expression RE2 takes'],
  ])('refuses %s', (when, reason) => {
    expect(faultsOf({ effect: 'allow', when })[0]).toContain(reason);
  });

  test.each([
    ['args.n.within("/a")', 'calls integer.within(string), which does not exist'],
    ['args.path.within(3)', 'calls string.within(integer)'],
    ['emailDomain(args.n) == "x"', 'calls emailDomain(integer)'],
    ['args.to.inCidr("10.0.0.0/8")', 'calls list.inCidr(string)'],
    ['args.path.during("sat")', 'calls string.during(string)'],
    ['history.calls("x") == "1"', 'compares an integer with a string'],
    ['now.getHours("UTC") == "x"', 'compares an integer with a string'],
    ['args.path.lowerAscii() == 3', 'compares a string with an integer'],
    ['history.nope("x")', 'nope'],
  ])('finds in %s what can never be right', (when, reason) => {
    const rule = { effect: 'allow' as const, when, match: { tools: ['typed'] } };
    const known = faultsOf(rule);
    const upstreams = [{ id: 'fs', up: true }];
    const found = known[0] ?? policyOf(rule).check({ tools: [typed] }, upstreams)[0]?.message;
    expect(found).toContain(reason);
  });
});
