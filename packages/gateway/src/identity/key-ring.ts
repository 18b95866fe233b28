import { isGrant } from '#contract';
import type { Clock } from '../lib/clock.js';
import type { Principal, Role } from '../model/principal.js';
import type { KeyRow, KeyTable } from '../store/key-table.js';
import { hashKey, newKeyText } from './key-text.js';

export interface KeyRingOptions {
  readonly keys: KeyTable;
  /** 32 random bytes that are not in the database. */
  readonly pepper: Uint8Array;
  readonly clock: Clock;
  /** Puts a change on record before it counts; what it rejects with is why nothing was changed. */
  readonly record?: (change: KeyChange, key: KeySummary) => Promise<void>;
  /** The word after `sp_`; keys of one environment are easily told from those of another. */
  readonly environment?: string;
}

export interface NewKey {
  readonly principal: string;
  readonly tenant?: string;
  readonly roles?: readonly Role[];
  readonly labels?: Readonly<Record<string, string>>;
  /** What the key is narrowed to, `resource:action` each. */
  readonly grants?: readonly string[] | undefined;
  /** Default 90 days. */
  readonly expiresAfterMs?: number | 'never';
}

/** A key right after it was made. */
export interface IssuedKey {
  /** The whole key: shown once and not kept. */
  readonly text: string;
  readonly key: KeySummary;
}

/** What may be shown of a key at any time. */
export type KeySummary = Omit<KeyRow, 'hash'> & { readonly state: KeyState };

export type KeyChange = 'key.created' | 'key.rotated' | 'key.revoked';

export type KeyState = 'active' | 'expired' | 'revoked';

/** A request about a key that makes no sense; the message says why and what to do. */
export class KeyFault extends Error {
  readonly code: 'unknown' | 'revoked' | 'expired' | 'rotation_pending' | 'invalid' | 'unrecorded';

  constructor(code: KeyFault['code'], message: string) {
    super(message);
    this.name = 'KeyFault';
    this.code = code;
  }
}

const dayMs = 24 * 3600 * 1000;
const usualLifetimeMs = 90 * dayMs;
const usualOverlapMs = dayMs;

/** Makes, lists, rotates and revokes API keys. */
export class KeyRing {
  readonly #options: KeyRingOptions;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  async create(wanted: NewKey): Promise<IssuedKey> {
    const { text, row } = this.#make(wanted);
    await this.#record('key.created', row);
    await this.#options.keys.insert(row);
    return { text, key: this.#summarise(row) };
  }

  /** The key with which everything begins; undefined once there has been any key. */
  async createFirst(wanted: NewKey): Promise<IssuedKey | undefined> {
    const { text, row } = this.#make(wanted);
    return (await this.#options.keys.insertFirst(row)) ? { text, key: this.#summarise(row) } : undefined;
  }

  /** Oldest first, with those that ended. */
  async list(): Promise<KeySummary[]> {
    const rows = await this.#options.keys.list();
    return rows.map((row) => this.#summarise(row));
  }

  /**
   * A new key for the same principal. The old one stays valid for the overlap (default 24 hours), so at most two keys
   * of one origin are active; with a rotation still under way this throws `rotation_pending`.
   */
  async rotate(
    id: string,
    more: { overlapMs?: number; expiresAfterMs?: number | 'never' } = {},
  ): Promise<IssuedKey> {
    const old = this.#activeKey(id);
    await this.#refuseThirdKey(old);
    const overlapMs = more.overlapMs ?? usualOverlapMs;
    if (!(overlapMs >= 0))
      throw new KeyFault('invalid', `the overlap is ${overlapMs} ms; expected 0 or more`);
    const now = this.#options.clock.now();
    const lifetimeMs = old.expiresAt === undefined ? 'never' : old.expiresAt - old.createdAt;
    const { text, row } = this.#make({ ...old, expiresAfterMs: more.expiresAfterMs ?? lifetimeMs });
    const next = { ...row, rotatedFrom: id };
    await this.#record('key.rotated', next);
    const endsAt = Math.min(now + overlapMs, old.expiresAt ?? Number.POSITIVE_INFINITY);
    await this.#options.keys.replace({ id, endsAt }, next);
    return { text, key: this.#summarise(next) };
  }

  /** Ends a key at once, in every process, within five seconds. */
  async revoke(id: string): Promise<KeySummary> {
    const row = this.#known(id);
    const at = this.#options.clock.now();
    const already = new KeyFault('revoked', `key ${id} of ${row.principal} is revoked already`);
    if (row.revokedAt !== undefined) throw already;
    await this.#record('key.revoked', { ...row, revokedAt: at });
    if (!(await this.#options.keys.revoke(id, at))) throw already;
    return this.#summarise({ ...row, revokedAt: at });
  }

  async #record(change: KeyChange, row: KeyRow): Promise<void> {
    await this.#options.record?.(change, this.#summarise(row)).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new KeyFault('unrecorded', `the change could not be recorded, and was not made: ${why}`);
    });
  }

  #make(wanted: NewKey): { text: string; row: KeyRow } {
    const { environment = 'live', pepper, clock } = this.#options;
    const { id, text } = newKeyText(environment);
    const createdAt = clock.now();
    const lifetimeMs = wanted.expiresAfterMs ?? usualLifetimeMs;
    if (lifetimeMs !== 'never' && !(lifetimeMs > 0)) {
      throw new KeyFault('invalid', `a key that lives ${lifetimeMs} ms is of no use; expected more than 0`);
    }
    if (wanted.principal === '') throw new KeyFault('invalid', 'the principal of a key has no name');
    const wrong = wanted.grants?.find((grant) => !isGrant(grant));
    if (wrong !== undefined || wanted.grants?.length === 0)
      throw new KeyFault(
        'invalid',
        `"${wrong ?? ''}" is no scope of a key; expected resource:action, such as audit:read`,
      );
    const row: KeyRow = {
      id,
      principal: wanted.principal,
      tenant: wanted.tenant ?? 'default',
      roles: wanted.roles ?? ['agent'],
      labels: wanted.labels ?? {},
      hash: hashKey(pepper, text),
      createdAt,
      ...(wanted.grants === undefined ? {} : { grants: wanted.grants }),
      ...(lifetimeMs === 'never' ? {} : { expiresAt: createdAt + lifetimeMs }),
    };
    return { text, row };
  }

  #known(id: string): KeyRow {
    const row = this.#options.keys.find(id);
    if (row === undefined)
      throw new KeyFault('unknown', `there is no key ${id}: "sallyport keys list" shows the ids`);
    return row;
  }

  #activeKey(id: string): KeyRow {
    const row = this.#known(id);
    const state = stateOfKey(row, this.#options.clock.now());
    if (state !== 'active')
      throw new KeyFault(state, `key ${id} of ${row.principal} is ${state}: create a new one`);
    return row;
  }

  async #refuseThirdKey(old: KeyRow): Promise<void> {
    const now = this.#options.clock.now();
    const rows = await this.#options.keys.list();
    const other = rows.find(
      (row) =>
        (row.id === old.rotatedFrom || row.rotatedFrom === old.id) && stateOfKey(row, now) === 'active',
    );
    if (other === undefined) return;
    throw new KeyFault(
      'rotation_pending',
      `key ${old.id} was part of a rotation and key ${other.id} is still active: wait until it ends or revoke it first`,
    );
  }

  #summarise(row: KeyRow): KeySummary {
    const { hash: _hash, ...rest } = row;
    return { ...rest, state: stateOfKey(row, this.#options.clock.now()) };
  }
}

/** Whether a key works at that time (milliseconds since the epoch). */
export function stateOfKey(row: Pick<KeyRow, 'revokedAt' | 'expiresAt'>, now: number): KeyState {
  if (row.revokedAt !== undefined) return 'revoked';
  return row.expiresAt !== undefined && row.expiresAt <= now ? 'expired' : 'active';
}

/** Whom a key stands for. */
export function principalOf({ id, principal, tenant, roles, labels, grants }: KeyRow): Principal {
  const credential = `key:${id}`;
  return { id: principal, credential, tenant, roles, labels, ...(grants === undefined ? {} : { grants }) };
}
