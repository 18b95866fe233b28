import { SallyportError } from './sallyport-error.js';
import type { RequestOptions } from './types.js';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** Answers of whatever stands before the gateway while that is away; the gateway's own say more, and are final. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

/** How Node says that there was no connection to send anything over; browsers do not tell. */
const unconnected: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export interface RetryTerms extends RequestOptions {
  /** How often it is tried again. */
  readonly retries: number;
  /** Whether it may be sent again that may have arrived. */
  readonly mayArriveTwice: boolean;
}

export interface Answered {
  readonly response: Response;
  /** It was sent before, that may have arrived, and the answer was lost. */
  readonly mayBeDone: boolean;
}

/**
 * Sends until there is an answer. Tries again when the connection broke, or where what answered is not the gateway, which
 * names each request; waits for the answer that the gateway still works on. Throws what the last try threw.
 */
export async function sendAgain(
  send: () => Promise<Response>,
  { retries, mayArriveTwice, signal }: RetryTerms,
): Promise<Answered> {
  let mayBeDone = false;
  let left = retries;
  for (;;) {
    let pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (retries - left)) * (0.5 + Math.random() / 2);
    try {
      const response = await send();
      const waitMs = underWayMs(response);
      if (waitMs === undefined && !(left > 0 && mayArriveTwice && isPassing(response)))
        return { response, mayBeDone };
      if (waitMs === undefined) left -= 1;
      pauseMs = waitMs ?? pauseMs;
      mayBeDone = true;
      await response.body?.cancel();
    } catch (cause) {
      const mayHaveLeft = !isUnconnected(cause);
      const isFinal = left <= 0 || cause instanceof SallyportError || signal?.aborted === true;
      if (isFinal || (mayHaveLeft && !mayArriveTwice)) throw cause;
      left -= 1;
      mayBeDone ||= mayHaveLeft;
    }
    await pause(pauseMs, signal);
  }
}

/** How long to wait for the answer to what the gateway has under this name already. */
function underWayMs({ status, headers }: Response): number | undefined {
  const ms = Number(headers.get('retry-after') ?? Number.NaN) * 1000;
  return status === 409 && headers.has('x-request-id') && ms >= 0 ? Math.min(ms, longestPauseMs) : undefined;
}

function isPassing(response: Response): boolean {
  return passing.has(response.status) && !response.headers.has('x-request-id');
}

function isUnconnected(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && 'code' in cause && unconnected.has(cause.code);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
