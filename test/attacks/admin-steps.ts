import type { CaseRun } from './case-run.js';
import type { Item } from './corpus.js';
import { type Exchange, exchangeOnce } from './raw-http.js';
import { startOpenly } from './start-steps.js';

interface ForEach {
  readonly routes?: string;
  readonly queries?: readonly string[];
  readonly env?: readonly Readonly<Record<string, string>>[];
  readonly do: string;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly roles: readonly string[];
  readonly isOpen: boolean;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly body?: string;
}

/** Whether the harness can go through what a step lists. */
export function canGoThrough(item: Item): boolean {
  const { routes, queries, env } = item.for_each as ForEach;
  return (routes ?? queries ?? env) !== undefined;
}

/** Asks each route, or with each query, or starts with each environment; every answer and every end is judged. */
export async function goThrough(run: CaseRun, item: Item): Promise<void> {
  const { queries, env, do: what } = item.for_each as ForEach;
  for (const environment of env ?? []) run.ended.push(await startOpenly(environment));
  if (env !== undefined) return;
  run.judgesEach = true;
  const key = what.includes('auditor-1') ? run.fixture.credentialOf('auditor-1') : undefined;
  const asked =
    queries === undefined
      ? (await operationsFor(run, key)).map(({ method, path }) => ({ method, path }))
      : queries.map((query) => ({
          method: 'GET',
          path: `/v1/audit/records?${query.replaceAll(' ', '%20')}`,
        }));
  for (const one of asked) {
    const exchange = await ask(run, { ...one, ...(key === undefined ? {} : { key }) });
    run.answered.push({ exchange, counters: {} });
  }
}

/** Sends one request to the REST face; what it takes is a body, so that nothing else is missing. */
export function ask(run: CaseRun, { method, path, key, body = '{}' }: Asked): Promise<Exchange> {
  const isRead = method === 'GET' || method === 'DELETE';
  const lines = [
    `${method} ${path} HTTP/1.1`,
    run.expand('Host: {{HOST}}'),
    ...(key === undefined ? [] : [`Authorization: Bearer ${key}`]),
    ...(isRead ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return exchangeOnce(run.endpoint, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${isRead ? '' : body}`));
}

/** All that need a credential; for an auditor those that change something and are not theirs. */
async function operationsFor(run: CaseRun, auditor: string | undefined): Promise<Operation[]> {
  const response = await fetch(`http://${run.expand('{{HOST}}')}/openapi.json`);
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, { security: object[]; 'x-roles'?: string[] }>>;
  };
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, 'x-roles': roles = [] }]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{[^}]+\}/g, 'none'),
      roles,
      isOpen: security.length === 0 || security.some((scheme) => 'adminToken' in scheme),
    })),
  );
  const closed = all.filter(({ isOpen }) => !isOpen);
  if (closed.length < 10) throw new Error('the document names too few operations');
  if (auditor === undefined) return closed;
  return closed.filter(
    ({ method, roles }) => method !== 'GET' && roles.length > 0 && !roles.includes('auditor'),
  );
}
