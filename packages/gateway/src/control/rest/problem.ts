import { type ProblemCode, problems } from '#contract';

/** A place that is wrong, by its path in what was sent; `file` and the rest where something of the file is in the way. */
export interface ProblemPlace {
  readonly path: string;
  readonly detail: string;
  readonly found?: string;
  readonly expected?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ProblemDetails {
  /** Every place that is wrong, where there are places. */
  readonly errors?: readonly ProblemPlace[] | undefined;
  /** When the same request may succeed. */
  readonly retryAfterSeconds?: number | undefined;
  /** The limit that said no, for `RateLimit-*`. */
  readonly limit?: LimitTold | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Where a route documents another than the usual one of the code. */
  readonly status?: number | undefined;
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

export interface LimitTold {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** A no of the REST face. Whatever a route throws besides is an internal error. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  /** `detail` is for the caller: what is wrong in this case, and what to do. */
  constructor(code: ProblemCode, detail: string, details: ProblemDetails = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return this.details.status ?? problems[this.code].status;
  }
}

/** A reply as it goes out, which can be kept and given again. */
export interface KeptReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** It says that nothing was done yet, and to ask the same again; `false`: that something may have been, whatever its status. */
  readonly isUndone?: boolean | undefined;
}

/** The document that tells a problem (RFC 9457). */
export function problemReply(problem: Problem, requestId: string): KeptReply {
  const { code, message, details, status } = problem;
  const { title } = problems[code];
  const type = `/docs/problems#${code}`;
  const { errors, members } = details;
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headersOf(details) },
    text: JSON.stringify({
      ...members,
      type,
      title,
      status,
      code,
      detail: message,
      request_id: requestId,
      errors,
    }),
    ...(members?.may_have_run === true ? { isUndone: false } : {}),
  };
}

function headersOf({ headers, retryAfterSeconds, limit }: ProblemDetails): Record<string, string> {
  return {
    ...headers,
    ...(limit === undefined ? {} : limitHeaders(limit)),
    ...(retryAfterSeconds === undefined
      ? {}
      : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
  };
}

/** For replies to callers whose calls are limited. */
export function limitHeaders({ limit, remaining, resetSeconds }: LimitTold): Record<string, string> {
  return {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(Math.max(0, remaining)),
    'RateLimit-Reset': String(Math.max(0, Math.ceil(resetSeconds))),
  };
}
