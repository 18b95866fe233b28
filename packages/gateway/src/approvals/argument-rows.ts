import { shownText } from '../lib/shown-text.js';
import type { ViewArgument } from '../model/approval-view.js';
import type { Hold, TargetClaims } from '../model/hold.js';
import { type Leaf, leavesOf } from './argument-leaves.js';

/** Every value of a held call, what each was in the call before it, and at the end what that had and this has not. */
export function argumentRows(hold: Hold, previous: Hold | undefined): ViewArgument[] {
  const leaves = leavesOf(hold.args);
  if (previous === undefined) return leaves.map((leaf) => rowOf(leaf, hold.claims));
  const before = new Map(leavesOf(previous.args).map((leaf) => [leaf.path, leaf]));
  const rows = leaves.map((leaf) => {
    const old = before.get(leaf.path);
    before.delete(leaf.path);
    return { ...rowOf(leaf, hold.claims), ...changeOf(leaf, old) };
  });
  const gone = Array.from(before.values(), (leaf): ViewArgument => {
    const { value, ...row } = rowOf(leaf, hold.claims);
    return { ...row, change: 'gone', before: value };
  });
  return [...rows, ...gone];
}

function changeOf(leaf: Leaf, old: Leaf | undefined): Pick<ViewArgument, 'change' | 'before' | 'beforeType'> {
  if (old === undefined) return { change: 'new' };
  if (old.type === leaf.type && old.text === leaf.text) return { change: 'same' };
  const beforeType = old.type === leaf.type ? {} : { beforeType: old.type };
  return { change: 'changed', before: shownText(old.text), ...beforeType };
}

function rowOf({ path, titlePath, type, text }: Leaf, claims: TargetClaims | undefined): ViewArgument {
  const titles = claims?.titles ?? {};
  const title = Object.hasOwn(titles, titlePath) ? titles[titlePath] : undefined;
  return {
    path: shownText(path),
    title: title === undefined ? undefined : shownText(title),
    type,
    value: shownText(text),
  };
}
