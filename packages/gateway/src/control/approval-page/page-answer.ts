import { longestMinutes, mostCalls } from '../../approvals/standing-desk.js';
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
  /** What is approved beforehand, too. */
  readonly standing?: { readonly minutes: number; readonly calls: number } | undefined;
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
  const standing = action === 'approve' ? readStanding(form) : undefined;
  if (standing === 'odd') return undefined;
  const key = form.get('key')?.trim();
  return {
    verdict,
    bind: form.get('bind') ?? '',
    note,
    standing,
    opened: new Set(form.getAll('opened')),
    ...(action === 'edit' ? { args: form.get('args') ?? '' } : {}),
    ...(key === undefined || key === '' ? {} : { key }),
  };
}

/** Both numbers, or none of them. */
function readStanding(form: URLSearchParams): PageAnswer['standing'] | 'odd' {
  const [minutes, calls] = [form.get('minutes') ?? '', form.get('calls') ?? ''].map((text) => text.trim());
  if (minutes === '' && calls === '') return undefined;
  const isWithin = (text: string | undefined, most: number) =>
    /^[1-9]\d{0,3}$/.test(text ?? '') && Number(text) <= most;
  if (!isWithin(minutes, longestMinutes) || !isWithin(calls, mostCalls)) return 'odd';
  return { minutes: Number(minutes), calls: Number(calls) };
}
