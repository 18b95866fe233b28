import { Document, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Note, Translation } from './translation.js';

/** A translation as a native YAML file, in which each note is a comment above what it is about. */
export function nativeText({ config, notes }: Pick<Translation, 'config' | 'notes'>): string {
  const document = new Document(config);
  for (const note of notes) addComment(document, note);
  return document.toString({ lineWidth: 0 });
}

function addComment(document: Document, { at, message }: Note): void {
  const owner = ownerOf(document, at);
  const lines = message.replace(/[\r\n]+/g, ' ');
  const before = owner.commentBefore;
  owner.commentBefore = before === null || before === undefined ? ` ${lines}` : `${before}\n ${lines}`;
}

/** What a comment goes above: the nearest part that is there, or the whole. */
function ownerOf(document: Document, at: Note['at']): Commented {
  for (let length = at.length; length > 0; length--) {
    const found = nodeAt(document, at.slice(0, length));
    if (found !== undefined) return found;
  }
  return document;
}

interface Commented {
  commentBefore?: string | null;
}

/** What a comment about a part goes above: the key of a member, or the item of a list. */
function nodeAt(document: Document, at: Note['at']): Commented | undefined {
  const owner: unknown = at.length === 1 ? document.contents : document.getIn(at.slice(0, -1), true);
  const last = at.at(-1);
  if (isSeq(owner)) {
    const item = owner.items[Number(last)];
    return isNode(item) ? item : undefined;
  }
  if (!isMap(owner)) return undefined;
  const key = owner.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === last);
  return isScalar(key) ? key : undefined;
}
