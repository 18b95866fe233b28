/** A configuration file that was read: its value, unchecked, and where each part of it stands. */
export interface ConfigFile {
  readonly file: string;
  readonly value: unknown;
  /** The variables that the code of the file names, with the values they had; none for files that are no code. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the file says itself, by what it imports, that it is Cordon's. */
  readonly isCordon?: boolean;
  /** Sentences about what was translated from another dialect and does not work as it did there. */
  readonly warnings?: readonly string[];
  /** Values that stand in the file itself where the native form refers to variables, by these; the environment goes before. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The position of the deepest part of a path that the file has; nothing where the format has no positions. */
  locate(path: readonly PropertyKey[]): Position | undefined;
}

/** Line and column, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
