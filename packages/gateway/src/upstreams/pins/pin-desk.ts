import type { Clock } from '../../lib/clock.js';
import type { JsonObject } from '../../model/json.js';
import type { RecordType } from '../../model/record.js';
import type { Definition, Pin } from '../../store/pin.js';
import type { PinEdit } from '../../store/pin-edit.js';
import type { PinTable } from '../../store/pin-table.js';
import { pinRecord } from './pin-record.js';

/** A pin and the definition of it that a person decided on, as that person saw it. */
export interface DecidedPin {
  readonly pin: Pin;
  readonly definition: Definition;
}

export interface PinDeskOptions {
  readonly pins: PinTable;
  readonly clock: Clock;
  /** Resolves when the record is durable. */
  readonly record: (type: RecordType, members: JsonObject) => Promise<void>;
  /** Who decides, for example `cli:alice`. */
  readonly by: string;
}

/**
 * Where people decide on definitions. A decision is about a definition, not a name: whatever the upstream offers meanwhile,
 * nothing is accepted but what was seen. It is on record before it counts.
 */
export class PinDesk {
  readonly #options: PinDeskOptions;

  constructor(options: PinDeskOptions) {
    this.#options = options;
  }

  /** Running gateways let the definitions be used within a second. */
  accept(decided: readonly DecidedPin[]): Promise<void> {
    const { clock, by } = this.#options;
    return this.#decide('pin.accepted', decided, (pins, { pin, definition }) =>
      pins.accept(pin, definition, { by, at: clock.now() }),
    );
  }

  /** The definitions may not be used, also where they were accepted before. */
  reject(decided: readonly DecidedPin[]): Promise<void> {
    const { clock, by } = this.#options;
    return this.#decide('pin.rejected', decided, (pins, { pin, definition }) =>
      pins.reject(pin, { digest: definition.digest, by, at: clock.now() }),
    );
  }

  /** As if they had never been seen: what is offered next is a first sight. */
  forget(decided: readonly DecidedPin[]): Promise<void> {
    return this.#decide('pin.forgotten', decided, (pins, { pin }) => pins.remove(pin));
  }

  async #decide(
    type: RecordType,
    decided: readonly DecidedPin[],
    carryOut: (pins: PinEdit, one: DecidedPin) => void,
  ): Promise<void> {
    const { pins, record, by } = this.#options;
    for (const { pin, definition } of decided) {
      const before = pin.accepted?.digest;
      const was = before === undefined || before === definition.digest ? {} : { before };
      await record(type, pinRecord(pin, definition.digest, { by, ...was }));
    }
    pins.change((edit) => {
      for (const one of decided) carryOut(edit, one);
    });
  }
}
