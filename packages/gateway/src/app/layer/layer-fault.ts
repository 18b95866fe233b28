import type { ConfigProblem } from '../config/config-error.js';

type Kind =
  /** There is nothing of that name, or it is another tenant's. */
  | 'unknown'
  /** There is one of that name already, of the file or over REST. */
  | 'exists'
  /** It is not what the change was meant for. */
  | 'changed'
  /** It cannot work; `problems` says why. */
  | 'invalid'
  /** As many as may be are there. */
  | 'full'
  /** The gateway takes no change now. */
  | 'closed';

/** A change of what is made over REST that is refused; nothing was changed. */
export class LayerFault extends Error {
  readonly kind: Kind;
  /** Paths are those of the body that was refused, or begin with `policies`, `upstreams` or `policy`. */
  readonly problems: readonly ConfigProblem[];

  constructor(kind: Kind, message: string, problems: readonly ConfigProblem[] = []) {
    super(message);
    this.name = 'LayerFault';
    this.kind = kind;
    this.problems = problems;
  }
}
