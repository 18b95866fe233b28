import type { Vote } from '../../model/hold.js';

/** What somebody sent with the form. */
export interface PageAnswer {
  readonly verdict: Vote['verdict'];
  readonly bind: string;
  readonly note: string;
  /** SHA-256 of the long values that were opened. */
  readonly opened: ReadonlySet<string>;
  /** Given once more, for calls of high risk. */
  readonly key?: string | undefined;
  /** JSON text of the arguments that are approved instead. */
  readonly args?: string | undefined;
}

const longestNote = 4096;

/** Undefined for a form that the page does not have. */
export function readAnswer(form: URLSearchParams): PageAnswer | undefined {
  const action = form.get('action');
  const verdict = action === 'edit' ? 'approve' : action;
  const note = (form.get('note') ?? '').trim();
  if ((verdict !== 'approve' && verdict !== 'deny') || note.length > longestNote) return undefined;
  const key = form.get('key')?.trim();
  return {
    verdict,
    bind: form.get('bind') ?? '',
    note,
    opened: new Set(form.getAll('opened')),
    ...(action === 'edit' ? { args: form.get('args') ?? '' } : {}),
    ...(key === undefined || key === '' ? {} : { key }),
  };
}
