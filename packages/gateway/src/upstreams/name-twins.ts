import { asItLooks } from '../lib/lookalikes.js';
import type { Imported, ListedKind } from './import-definitions.js';

/**
 * What a name looks like to somebody who reads quickly: case, letters of other scripts, `l 1 I`, `0 O` and `- _ .` are
 * not told apart; nor is `i`, as that is `I` in other case. Names with one look are twins.
 */
export function lookOf(name: string): string {
  return asItLooks(name)
    .toLowerCase()
    .replaceAll(/[1i]/g, 'l')
    .replaceAll('o', '0')
    .replaceAll(/[-. ]/g, '_');
}

/**
 * Leaves out all of those whose names one upstream offers twice, or with nothing but case or look-alike characters
 * different: a trap for rules and people, and none of them can be the right one.
 */
export function withoutTwins<Item extends { readonly name: string }>(
  { items, rejected }: Imported<Item>,
  what: ListedKind,
): Imported<Item> {
  const names = items.map(({ name }) => name);
  const sameCase = grouped(names, (name) => name.toLowerCase());
  const sameLook = grouped(names, lookOf);
  const twinReason = ({ name }: Item): string | undefined => {
    if ((sameCase.get(name.toLowerCase()) ?? []).length > 1) {
      return 'the upstream offers this name twice, or twice with only the case of letters different';
    }
    const other = sameLook.get(lookOf(name))?.find((one) => one !== name);
    return other && `the upstream also offers ${JSON.stringify(other)}, which looks the same`;
  };
  const reasons = items.map(twinReason);
  return {
    items: items.filter((_, index) => reasons[index] === undefined),
    rejected: [
      ...rejected,
      ...items.flatMap(({ name }, index) => {
        const reason = reasons[index];
        return reason === undefined ? [] : [{ what, name, reason }];
      }),
    ],
  };
}

function grouped(names: readonly string[], keyOf: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = keyOf(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return groups;
}
