import type { AuditEntry, Status, UpstreamStatus } from '@sallyport/client';

/** How a state is coloured; its word always says the same, since colour alone tells not everybody. */
export type Tone = 'good' | 'bad' | 'wait' | 'plain';

export interface Cell {
  readonly text: string;
  readonly kind: 'name' | 'state' | 'time' | 'code' | 'text';
  readonly tone?: Tone;
}

export type Row = readonly Cell[];

export interface Line {
  readonly text: string;
  readonly tone: Tone;
}

/** What the head of the page says about the gateway as a whole. */
export function viewReadiness(status: Status): Line {
  if (status.ready) return { text: 'ready', tone: 'good' };
  const missing = Object.entries(status.checks).filter(([, check]) => !check.ok);
  return { text: `not ready: ${missing.map(([name]) => name).join(', ')}`, tone: 'bad' };
}

export function viewChecks(status: Status): Row[] {
  return Object.entries(status.checks).map(([name, check]) => [
    { text: inert(name), kind: 'name' },
    check.ok ? state('ok', 'good') : state('not ok', 'bad'),
    text(check.reason),
  ]);
}

const upstreamTones = { starting: 'wait', up: 'good', down: 'bad', stopped: 'plain' } as const;

export function viewUpstreams(upstreams: readonly UpstreamStatus[]): Row[] {
  return upstreams.map((upstream) => [
    { text: inert(upstream.id), kind: 'name' },
    state(upstream.state, upstreamTones[upstream.state]),
    { text: localTime(upstream.since), kind: 'time' },
    text(String(upstream.tools)),
    text(upstream.transport),
    text(upstream.revision),
    text(String(upstream.restarts)),
    text(upstream.reason),
  ]);
}

export function viewRecords(records: readonly AuditEntry[]): Row[] {
  return records.map((record) => [
    { text: localTime(Date.parse(record.at)), kind: 'time' },
    { text: inert(record.type), kind: 'name' },
    stateOf(record),
    text(record.caller?.id),
    text(record.tool?.exposed ?? record.tool?.name),
    text(record.tool?.upstream ?? stringIn(record, 'upstream')),
    text(record.policy?.rule),
    text([record.code, record.detail ?? stringIn(record, 'reason')].filter(Boolean).join(': ')),
    { text: inert(record.call ?? ''), kind: 'code' },
  ]);
}

const badTypes = new Set([
  'auth.failed',
  'call.received_invalid',
  'policy.rejected',
  'upstream.down',
  'upstream.tool_rejected',
]);

function stateOf(record: AuditEntry): Cell {
  if (record.outcome !== undefined) return outcomeOf(record);
  if (record.effect !== undefined) return state(record.effect, record.effect === 'allow' ? 'good' : 'bad');
  return state('', badTypes.has(record.type) ? 'bad' : 'plain');
}

function outcomeOf(record: AuditEntry): Cell {
  const took = record.ms === undefined ? '' : ` in ${record.ms} ms`;
  if (record.outcome !== 'executed') return state(`${record.outcome}${took}`, 'bad');
  return record.error === true ? state(`error${took}`, 'wait') : state(`executed${took}`, 'good');
}

function state(word: string, tone: Tone): Cell {
  return { text: inert(word), kind: 'state', tone };
}

function text(value: string | undefined): Cell {
  return { text: inert(value ?? ''), kind: 'text' };
}

function stringIn(record: AuditEntry, member: string): string | undefined {
  const value = record[member];
  return typeof value === 'string' ? value : undefined;
}

/** Foreign text with what could reorder, hide or fake text on screen made visible: controls and bidi characters. */
export function inert(value: string): string {
  return value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}

function localTime(ms: number): string {
  if (!Number.isFinite(ms)) return '';
  const date = new Date(ms);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}
