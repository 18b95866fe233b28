import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExposedNames, type NameWish } from './exposed-names.js';

function wish(upstream: string, name: string, always = false): NameWish {
  return { upstream, name, always };
}

function guestWish(upstream: string, name: string): NameWish {
  return { upstream, name, always: false, guest: true };
}

describe('exposed names', () => {
  it('are the own names of tools that nobody else offers', () => {
    const names = new ExposedNames().assign([wish('a', 'read'), wish('b', 'write')]);
    expect(names).toEqual(['read', 'write']);
  });

  it('carry the upstream for each of those that collide, also when only the case differs', () => {
    const names = new ExposedNames().assign([wish('a', 'read'), wish('b', 'Read'), wish('b', 'list')]);
    expect(names).toEqual(['a__read', 'b__Read', 'list']);
  });

  it('carry the upstream where that is configured', () => {
    expect(new ExposedNames().assign([wish('a', 'read', true)])).toEqual(['a__read']);
  });

  it('never hand a name that meant one tool to the tool of another upstream', () => {
    const names = new ExposedNames();
    expect(names.assign([wish('b', 'read')])).toEqual(['read']);
    expect(names.assign([wish('a', 'read'), wish('b', 'read')])).toEqual(['a__read', 'b__read']);
    expect(names.assign([wish('a', 'read')])).toEqual(['a__read']);
  });

  it('do not move when the upstream that had one goes and another comes', () => {
    const names = new ExposedNames();
    names.assign([wish('a', 'read')]);
    expect(names.assign([wish('b', 'read')])).toEqual(['b__read']);
  });

  it('cannot be taken for the name by which rules mean the tool of another upstream', () => {
    const wishes = [
      wish('fs', 'read'),
      wish('evil', 'fs:read'),
      wish('evil', 'FS.read'),
      wish('fs', 'fs.list'),
    ];
    expect(new ExposedNames().assign(wishes)).toEqual(['read', 'evil__fs:read', 'evil__FS.read', 'fs.list']);
  });

  it('cannot be squatted by a tool that is called like the prefixed one of another upstream', () => {
    const names = new ExposedNames();
    const both = [wish('fs', 'read'), wish('evil', 'read')];
    expect(names.assign([...both, wish('evil', 'fs__read')])).toEqual([
      'fs__read',
      'evil__read',
      'evil__fs__read',
    ]);
    const present = [{ upstream: 'fs' }, { upstream: 'evil' }];
    expect(names.assign([wish('evil', 'FS__read')], present)).toEqual(['evil__FS__read']);
  });

  it('never hand a prefixed name on, neither when its tool has gone nor when its whole upstream has', () => {
    const names = new ExposedNames();
    expect(names.assign([wish('fs', 'read', true)])).toEqual(['fs__read']);
    const evil = [wish('evil', 'fs__read')];
    const alone = [{ upstream: 'evil' }];
    expect(names.assign(evil, [{ upstream: 'fs' }, ...alone])).toEqual(['evil__fs__read']);
    expect(names.assign(evil, alone)).toEqual(['evil__fs__read']);
    expect(names.assign([wish('fs', 'read', true), ...evil])).toEqual(['fs__read', 'evil__fs__read']);
  });

  it('give an upstream that is new another name than the one that a tool has had before under that name', () => {
    const names = new ExposedNames();
    expect(names.assign([wish('evil', 'fs__read')])).toEqual(['fs__read']);
    const [first, second] = names.assign([wish('evil', 'fs__read'), wish('fs', 'read', true)]);
    expect(first).toBe('evil__fs__read');
    expect(second).toMatch(/^fs__read_[0-9a-f]{8}$/);
  });

  it('stay with an upstream that has given one up, however many names another invents', () => {
    const names = new ExposedNames();
    names.assign([wish('files', 'deploy')]);
    for (let round = 0; round < 8; round++) {
      names.assign(Array.from({ length: 10_000 }, (_, index) => wish('evil', `n${round}-${index}`)));
    }
    expect(names.assign([wish('evil', 'deploy')])).toEqual(['evil__deploy']);
    expect(names.assign([wish('files', 'deploy')])).toEqual(['files__deploy']);
  });

  it('of hosts are never changed by guests, be these first or last, or called like a prefix of theirs', () => {
    const names = new ExposedNames();
    expect(names.assign([guestWish('made', 'read'), guestWish('made', 'x')])).toEqual(['read', 'x']);
    const wishes = [
      wish('fs', 'read'),
      wish('fs', 'made__x'),
      guestWish('made', 'Read'),
      guestWish('made', 'x'),
    ];
    expect(names.assign(wishes)).toEqual(['read', 'made__x', 'made__Read', 'x']);
    const late = [...wishes, wish('fs', 'x'), wish('fs', 'made__read')];
    expect(names.assign(late).slice(0, 2)).toEqual(['read', 'made__x']);
    expect(names.assign(late).slice(4)).toEqual(['x', 'made__read']);
    expect(names.assign(late)[3]).toMatch(/^made__x_[0-9a-f]{8}$/);
  });

  it('of guests are not changed by guests that come later, nor handed on to them', () => {
    const names = new ExposedNames();
    expect(names.assign([guestWish('b', 'read')])).toEqual(['read']);
    expect(names.assign([guestWish('a', 'read'), guestWish('b', 'read')])).toEqual(['a__read', 'read']);
    expect(names.assign([guestWish('a', 'read')])).toEqual(['a__read']);
  });

  it('tell the prefixed name of a tool from another of the same upstream that is called so', () => {
    const names = new ExposedNames().assign([wish('a', 'read'), wish('b', 'read'), wish('a', 'a__read')]);
    expect(new Set(names).size).toBe(3);
    expect(names[0]).toMatch(/^a__read_[0-9a-f]{8}$/);
    expect(names[2]).toMatch(/^a__read_[0-9a-f]{8}$/);
  });

  it('are cut between characters, never within one', () => {
    const [name = ''] = new ExposedNames().assign([wish('a', `x${'😀'.repeat(40)}`)]);
    expect(name.length).toBeLessThanOrEqual(64);
    expect(Buffer.from(name).toString()).toBe(name);
    expect(name).toMatch(/^x(😀)+_[0-9a-f]{8}$/u);
  });

  it('are unique without regard to case, at most 64 characters of the safe set, and the same each time', () => {
    const upstream = fc.constantFrom('a', 'b', 'files', 'x'.repeat(30));
    const name = fc.oneof(
      fc.constantFrom('read', 'READ', 'a__read', 'b__read', 'y'.repeat(128), `${'y'.repeat(127)}z`),
      fc.stringMatching(/^[A-Za-z0-9_.-]{1,128}$/),
    );
    const wishes = fc.uniqueArray(fc.record({ upstream, name, always: fc.boolean() }), {
      selector: ({ upstream: id, name: own }) => `${id} ${own.toLowerCase()}`,
      maxLength: 30,
    });
    fc.assert(
      fc.property(wishes, (all) => {
        const names = new ExposedNames().assign(all);
        const given = names.filter((one) => one !== undefined);
        expect(new Set(given.map((one) => one.toLowerCase())).size).toBe(given.length);
        for (const one of given) expect(one).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
        expect(new ExposedNames().assign(all)).toEqual(names);
      }),
    );
  });
});
