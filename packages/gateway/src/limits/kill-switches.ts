import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { JsonObject } from '../model/json.js';
import type { KillScope, KillSwitch } from '../model/kill-switch.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import { everyNameOf } from '../model/tool-names.js';
import type { KillTable } from '../store/kill-table.js';

export interface KillSwitchDeps {
  readonly table: KillTable;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the record is durable. */
  readonly record: (type: 'kill.thrown' | 'kill.lifted', members: JsonObject) => Promise<void>;
}

/** What somebody wants stopped. */
export type KillOrder = Pick<KillSwitch, 'tenant' | 'scope' | 'name' | 'reason' | 'by'>;

/** How often is looked for switches of other processes on the same store. */
const lookMs = 500;

/** Counts for every tenant. */
const everyTenant = '*';

/**
 * What is stopped at once, whatever the rules say. Every process on the store knows all switches by heart, so that a call
 * costs no look at the store; what another one throws is known within a second.
 */
export class KillSwitches {
  readonly #deps: KillSwitchDeps;
  readonly #listeners = new Set<() => void>();
  /** Records that are being written, by the id of the switch. */
  readonly #recording = new Map<string, Promise<void>>();
  readonly #lifting = new Map<string, Promise<KillSwitch | undefined>>();
  #thrown: ReadonlyMap<string, KillSwitch> = new Map();
  #changes = Number.NaN;
  #stopLooking: () => void = () => undefined;

  /** Throws where the switches cannot be read. */
  constructor(deps: KillSwitchDeps) {
    this.#deps = deps;
    this.#read();
  }

  /** From now on hears of switches of other processes, until `end`. */
  begin(): void {
    this.#stopLooking = this.#deps.clock.after(lookMs, () => {
      try {
        if (this.#deps.table.changes() !== this.#changes) this.#read();
      } catch (cause) {
        // Those that are known stay in force.
        this.#deps.log.warn({ err: cause }, 'the kill switches cannot be read at the moment');
      }
      this.begin();
    });
  }

  end(): void {
    this.#stopLooking();
  }

  /** Those that stand for a tenant, oldest first; without one all of them. */
  list(tenant?: string): KillSwitch[] {
    const all = [...this.#thrown.values()];
    if (tenant === undefined) return all;
    return all.filter((one) => one.tenant === tenant || one.tenant === everyTenant);
  }

  /** The switch that stops every call of the caller, if one does. */
  stoppingCaller({ tenant, id }: Pick<Principal, 'tenant' | 'id'>): KillSwitch | undefined {
    if (this.#thrown.size === 0) return undefined;
    return this.#find(tenant, 'all', '') ?? this.#find(tenant, 'principal', id);
  }

  /** The switch that stops calls of the target, if one does. A tool is meant by any name it has. */
  stoppingTarget(tenant: string, target: Target): KillSwitch | undefined {
    if (this.#thrown.size === 0) return undefined;
    for (const name of target.kind === 'tool' ? everyNameOf(target) : []) {
      const thrown = this.#find(tenant, 'tool', name);
      if (thrown !== undefined) return thrown;
    }
    return this.#find(tenant, 'upstream', target.upstream);
  }

  /** `listener` hears of every change from now on, and must not throw; returns what ends that. */
  hear(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops what is wanted at once. Rejects when it is not on record; it stands all the same, and may be thrown again. */
  async throwSwitch(order: KillOrder): Promise<KillSwitch> {
    const { table, clock } = this.#deps;
    const standing = table.insert({ ...order, id: newId(), at: clock.now() });
    this.#read();
    if (standing.isUnrecorded === true) await this.#recordThrown(standing);
    return standing;
  }

  /** Writes the records that whoever threw a switch could not; rejects when one cannot be written now either. */
  async recordLate(): Promise<void> {
    for (const { id } of this.list()) {
      this.#read();
      const one = this.list().find((other) => other.id === id);
      if (one?.isUnrecorded === true) await this.#recordThrown(one);
    }
  }

  /** Undefined when there is no such switch. Rejects when that could not be recorded: then it stands. */
  async lift(id: string, by: string): Promise<KillSwitch | undefined> {
    const underWay = this.#lifting.get(id);
    if (underWay !== undefined) {
      await underWay.catch(() => undefined);
      return this.lift(id, by);
    }
    const lifting = this.#lift(id, by).finally(() => this.#lifting.delete(id));
    this.#lifting.set(id, lifting);
    return lifting;
  }

  async #lift(id: string, by: string): Promise<KillSwitch | undefined> {
    const { table, record } = this.#deps;
    this.#read();
    const known = [...this.#thrown.values()].find((one) => one.id === id);
    if (known === undefined) return undefined;
    if (known.isUnrecorded === true) await this.#recordThrown(known);
    await record('kill.lifted', { ...membersOf(known), by });
    const isLifted = table.remove(id);
    this.#read();
    return isLifted ? known : undefined;
  }

  #recordThrown(one: KillSwitch): Promise<void> {
    const { table, record } = this.#deps;
    const underWay = this.#recording.get(one.id);
    if (underWay !== undefined) return underWay;
    const recording = record('kill.thrown', membersOf(one))
      .then(() => table.recorded(one.id))
      .finally(() => this.#recording.delete(one.id));
    this.#recording.set(one.id, recording);
    return recording;
  }

  #find(tenant: string, scope: KillScope, name: string): KillSwitch | undefined {
    return (
      this.#thrown.get(keyOf({ tenant, scope, name })) ??
      this.#thrown.get(keyOf({ tenant: everyTenant, scope, name }))
    );
  }

  #read(): void {
    const { table } = this.#deps;
    // Before the list: a change in between is seen again, never missed.
    const changes = table.changes();
    this.#thrown = new Map(table.list().map((one) => [keyOf(one), one]));
    this.#changes = changes;
    for (const listener of this.#listeners) listener();
  }
}

function keyOf({ tenant, scope, name }: Pick<KillSwitch, 'tenant' | 'scope' | 'name'>): string {
  return `${tenant}\0${scope}\0${name}`;
}

function membersOf({ id, tenant, scope, name, reason, by }: KillSwitch): JsonObject {
  return { kill: id, tenant, scope, ...(name === '' ? {} : { name }), reason, by };
}
