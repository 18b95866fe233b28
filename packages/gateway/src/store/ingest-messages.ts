/** What the journal worker is started with. */
export interface WorkerData {
  readonly database: string;
  /** Folder of the segments. */
  readonly folder: string;
}

/** One segment the worker shall bring into SQLite. */
export interface SegmentTask {
  readonly name: string;
  /** Bytes that may be read; absent for the whole file. */
  readonly upTo?: number;
  /** Whether nothing will be added any more: a torn last line is ignored and the file removed. */
  readonly finish: boolean;
  /** Whether this process wrote it; then nobody else removes it. */
  readonly own: boolean;
}

export type ToWorker =
  | { readonly kind: 'ingest'; readonly tasks: readonly SegmentTask[] }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'progress'; readonly name: string; readonly position: number }
  /** Lines that are no entries were passed over just now. */
  | { readonly kind: 'damaged'; readonly name: string; readonly lines: number }
  /** The file of an own segment that was to be finished is gone. */
  | { readonly kind: 'vanished'; readonly name: string }
  | { readonly kind: 'finished'; readonly name: string; readonly damagedLines: number }
  /** The pass is over; with a fault some of it is left to do. */
  | { readonly kind: 'done'; readonly fault?: string };
