import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** One answer of the REST face, as a test saw it. */
export interface SeenAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string;
  /** Where it is JSON. */
  readonly body?: string;
}

const folder = process.env.SALLYPORT_TEST_ANSWERS ?? '';
const kept = join(folder, `${process.pid}.jsonl`);
const seen = new Set<string>();
const prefixes = /^\/(v1|admin|livez|readyz|health|approve)(\/|$)/;

/** For tests that do not ask by `fetch`. */
export function recordAnswer(answer: SeenAnswer): void {
  const name = `${answer.method} ${answer.path} ${answer.status}`;
  if (folder === '' || seen.has(name)) return;
  seen.add(name);
  mkdirSync(folder, { recursive: true });
  appendFileSync(kept, `${JSON.stringify(answer)}\n`);
}

/** Every test file asks through this, so that whatever a test shows of the REST face counts, wherever it stands. */
const platformFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await platformFetch(input, init);
  const { headers, status } = response;
  // Fakes in tests are no gateway.
  const isGateway = headers.has('x-request-id') && headers.get('x-content-type-options') === 'nosniff';
  const path = new URL(input instanceof Request ? input.url : String(input)).pathname;
  if (!isGateway || !prefixes.test(path)) return response;
  const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
  const type = headers.get('content-type') ?? '';
  const body =
    /json/.test(type) && !seen.has(`${method} ${path} ${status}`) ? await response.clone().text() : undefined;
  recordAnswer({ method, path, status, type, ...(body === undefined ? {} : { body }) });
  return response;
};
