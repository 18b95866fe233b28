import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../gateway-process.js';

/** How the call that waits ends, and what becomes of the same call later: each word once, in order. */
export interface RowEnds {
  readonly waits: readonly string[];
  readonly later: readonly string[];
}

export type Ends = Readonly<Record<string, RowEnds>>;

/** Gathers what calls came to, by the rows of the table. */
export function ended() {
  const found = new Map<string, { waits: Set<string>; later: Set<string> }>();
  return {
    add(row: string, { waits, later }: { readonly waits?: string; readonly later?: string }): void {
      const ends = found.get(row) ?? { waits: new Set(), later: new Set() };
      found.set(row, ends);
      if (waits !== undefined) ends.waits.add(waits);
      if (later !== undefined) ends.later.add(later);
    },
    all(): Ends {
      const rows = [...found].map(([row, { waits, later }]) => {
        return [row, { waits: [...waits].toSorted(), later: [...later].toSorted() }];
      });
      return Object.fromEntries(rows) as Ends;
    },
  };
}

const head = '| What happens |';

/** The table of docs/approvals.md: the words in bold in each row. */
export function documentedEnds(): Ends {
  const lines = readFileSync(join(root, 'docs/approvals.md'), 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(head)) + 2;
  const rows = lines.slice(first, lines.indexOf('', first)).map((line) => {
    const [row = '', waits = '', later = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return [row, { waits: boldIn(waits), later: boldIn(later) }];
  });
  return Object.fromEntries(rows) as Ends;
}

function boldIn(cell: string): string[] {
  const words = [...cell.matchAll(/\*\*(.*?)\*\*/g)].map(([, word = '']) => word);
  const plain = words.map((word) => word.replace(/^\[?`?([^`\]]*)`?(\].*)?$/, '$1'));
  return [...new Set(plain)].toSorted();
}
