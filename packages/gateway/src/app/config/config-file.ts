/** A configuration file that was read: its value, unchecked, and where each part of it stands. */
export interface ConfigFile {
  readonly file: string;
  readonly value: unknown;
  /** The position of the deepest part of a path that the file has; nothing where the format has no positions. */
  locate(path: readonly PropertyKey[]): Position | undefined;
}

/** Line and column, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
