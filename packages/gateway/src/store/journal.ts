import type { JournalEntry } from '../model/record.js';

/** Takes records of the audit trail and says when they are safe. */
export interface Journal {
  /**
   * Resolves when the entry survives what `durability` names. A rejection means that nobody knows whether it was
   * written; only JournalUnavailable and EntryRefused mean that nothing was tried.
   */
  commit(entry: JournalEntry): Promise<void>;
  /** Whether a commit now has a chance; `reason` is for operators. */
  health(): JournalHealth;
  /** What was committed and cannot be queried yet. */
  lag(): JournalLag;
  /**
   * Resolves when everything committed before can be queried, and makes that soon. While the database takes nothing
   * (`lag` says so) it goes on trying without limit: whoever cannot wait sets a limit of their own.
   */
  drained(): Promise<void>;
}

export interface JournalLag {
  readonly bytes: number;
  /** Why the database took nothing at the last attempt. */
  readonly fault?: string;
}

export type JournalHealth = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The journal does not take entries at the moment. */
export class JournalUnavailable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'JournalUnavailable';
  }
}

/** This entry cannot be written, others can. */
export class EntryRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'EntryRefused';
  }
}

/** Whether a commit was rejected before anything was tried. */
export function isUntried(cause: unknown): boolean {
  return cause instanceof JournalUnavailable || cause instanceof EntryRefused;
}
