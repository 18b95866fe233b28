import type { RequestOptions } from './types.js';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** Answers of whatever stands before the gateway while that is away; the gateway's own say more, and are final. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

export interface RetryTerms extends RequestOptions {
  /** How often it is tried again. */
  readonly retries: number;
}

/**
 * Sends until there is an answer, for requests that may be sent twice. Tries again when the connection broke, or where
 * what answered is not the gateway, which names each request; throws what the last try threw.
 */
export async function sendAgain(
  send: () => Promise<Response>,
  { retries, signal }: RetryTerms,
): Promise<Response> {
  for (let tried = 0; ; tried += 1) {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** tried) * (0.5 + Math.random() / 2);
    try {
      const response = await send();
      if (tried >= retries || !isPassing(response)) return response;
      await response.body?.cancel();
    } catch (cause) {
      if (tried >= retries || signal?.aborted === true) throw cause;
    }
    await pause(pauseMs, signal);
  }
}

function isPassing(response: Response): boolean {
  return passing.has(response.status) && !response.headers.has('x-request-id');
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
