export interface PromptNeeds {
  /** The word that an approval needs. */
  readonly word: string | undefined;
  /** Something was not shown whole yet. */
  readonly mustOpen: boolean;
}

export type PromptAnswer =
  | { readonly kind: 'answer'; readonly verdict: 'approve' | 'deny'; readonly note?: string | undefined }
  | { readonly kind: 'show' }
  | { readonly kind: 'unclear'; readonly message: string };

/** Reads a line that a person typed at a prompt. Nothing typed is a no. */
export function readPromptAnswer(line: string, { word, mustOpen }: PromptNeeds): PromptAnswer {
  const [verb = '', ...words] = line.trim().split(/\s+/);
  switch (verb.toLowerCase()) {
    case '':
    case 'd':
    case 'deny':
    case 'n':
    case 'no':
      return { kind: 'answer', verdict: 'deny', note: noteIn(words) };
    case 's':
    case 'show':
      return { kind: 'show' };
    case 'a':
    case 'approve':
      break;
    default:
      return { kind: 'unclear', message: `Type a${word === undefined ? '' : ` ${word}`}, d or s.` };
  }
  if (mustOpen) return { kind: 'unclear', message: 'It is not shown whole yet: type s first, or d to deny.' };
  if (word === undefined) return { kind: 'answer', verdict: 'approve', note: noteIn(words) };
  if (words[0]?.toLowerCase() === word)
    return { kind: 'answer', verdict: 'approve', note: noteIn(words.slice(1)) };
  return {
    kind: 'unclear',
    message: `To approve this call, type a ${word} (so that no other one is meant).`,
  };
}

function noteIn(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(' ');
}
