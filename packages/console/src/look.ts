import { type AuditEntry, type SallyportClient, SallyportError } from '@sallyport/client';
import { type Line, type Row, viewChecks, viewReadiness, viewRecords, viewUpstreams } from './view.js';

/** Everything the page shows at one moment. */
export interface Picture {
  readonly readiness: Line;
  readonly checks: readonly Row[];
  /** Absent without an accepted key. */
  readonly inside?: { readonly upstreams: readonly Row[]; readonly records: readonly Row[] };
  /** Why `inside` is absent although there is a key. */
  readonly problem?: string;
}

const shownRecords = 50;

/** Asks the gateway for everything; never rejects, since a gateway that does not answer is something to show. */
export async function look(client: SallyportClient, hasKey: boolean): Promise<Picture> {
  const [outside, inside] = await Promise.all([lookOutside(client), hasKey ? lookInside(client) : {}]);
  return { ...outside, ...inside };
}

async function lookOutside(client: SallyportClient): Promise<Pick<Picture, 'readiness' | 'checks'>> {
  try {
    const status = await client.status();
    return { readiness: viewReadiness(status), checks: viewChecks(status) };
  } catch (cause) {
    return { readiness: { text: `no answer: ${sentenceOf(cause)}`, tone: 'bad' }, checks: [] };
  }
}

async function lookInside(client: SallyportClient): Promise<Pick<Picture, 'inside' | 'problem'>> {
  try {
    const [upstreams, records] = await Promise.all([client.upstreams(), lastRecords(client)]);
    return { inside: { upstreams: viewUpstreams(upstreams), records: viewRecords(records) } };
  } catch (cause) {
    return { problem: sentenceOf(cause) };
  }
}

async function lastRecords(client: SallyportClient): Promise<AuditEntry[]> {
  const records: AuditEntry[] = [];
  for await (const record of client.audit({ limit: shownRecords, order: 'desc' })) {
    records.push(record);
    if (records.length === shownRecords) break;
  }
  return records;
}

function sentenceOf(cause: unknown): string {
  if (cause instanceof SallyportError) return cause.detail;
  return cause instanceof Error ? cause.message : String(cause);
}
