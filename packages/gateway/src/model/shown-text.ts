/** A text as a person may be shown it: nothing in it is hidden, poses as something else, or is obeyed by a screen. */
export interface ShownText {
  /** In their order; those that are text hold only characters that are what they look like. */
  readonly pieces: readonly ShownPiece[];
  /** Of the text itself, in UTF-8. */
  readonly bytes: number;
  /** Lower-case hexadecimal SHA-256 of these bytes. */
  readonly sha256: string;
  /** Too long to be seen at a glance: whoever approves must have opened it. */
  readonly isLong: boolean;
}

export type ShownPiece = string | ShownMark;

/** A character that is shown by its name. */
export interface ShownMark {
  /** `U+200B` */
  readonly code: string;
  readonly why: 'hidden' | 'lookalike';
  /** How many of it stand in a row. */
  readonly times: number;
}
