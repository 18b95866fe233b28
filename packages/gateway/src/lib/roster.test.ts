import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Roster, type Rostered } from './roster.js';

interface Named extends Rostered {
  readonly name: number;
}

test('holds exactly those who joined and did not leave, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(12))), (steps) => {
      const roster = new Roster<Named>();
      const members = Array.from({ length: 13 }, (_, name): Named => ({ name, place: -1 }));
      const expected = new Set<number>();
      for (const [joins, name] of steps) {
        const member = members[name] as Named;
        if (joins) roster.join(member);
        else roster.leave(member);
        if (joins) expected.add(name);
        else expected.delete(name);
      }
      expect(roster.size).toBe(expected.size);
      expect(new Set(roster.list().map(({ name }) => name))).toEqual(expected);
    }),
  );
});

test('a list taken before somebody left is whole', () => {
  const roster = new Roster<Named>();
  const [a, b] = [
    { name: 1, place: -1 },
    { name: 2, place: -1 },
  ];
  roster.join(a);
  roster.join(b);
  const heard = roster.list().map((member) => {
    roster.leave(a);
    roster.leave(b);
    return member.name;
  });
  expect(heard).toEqual([1, 2]);
});
