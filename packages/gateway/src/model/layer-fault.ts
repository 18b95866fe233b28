type Kind =
  /** There is nothing of that name, or it is another tenant's. */
  | 'unknown'
  /** There is one of that name already, of the file or over REST. */
  | 'exists'
  /** It is not what the change was meant for. */
  | 'changed'
  /** The name stands for what the file says. */
  | 'read_only'
  /** It cannot work; `problems` says why. */
  | 'invalid'
  /** As many as may be are there. */
  | 'full'
  /** The gateway takes no change now. */
  | 'closed';

/** One thing that is wrong, and where. */
export interface LayerProblem {
  readonly path: string;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A change of what is made over REST that is refused; nothing was changed. */
export class LayerFault extends Error {
  readonly kind: Kind;
  /** Paths are those of the body that was refused, or begin with `policies`, `upstreams` or `policy`. */
  readonly problems: readonly LayerProblem[];

  constructor(kind: Kind, message: string, problems: readonly LayerProblem[] = []) {
    super(message);
    this.name = 'LayerFault';
    this.kind = kind;
    this.problems = problems;
  }
}
