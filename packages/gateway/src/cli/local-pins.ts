import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { userName } from '../app/local-operator.js';
import { systemClock } from '../lib/clock.js';
import type { Pin } from '../store/pin.js';
import type { PinTable } from '../store/pin-table.js';
import { PinDesk } from '../upstreams/pins/pin-desk.js';
import { choosePins, type PinChoice } from './choose-pins.js';
import type { CommonOptions } from './common-options.js';
import type { ReviewedPin } from './format-pin-diff.js';
import { existingStore, storeFlags, withLocalStore } from './local-store.js';
import { readStore } from './read-store.js';

/** The pins that a command is about, and the place to decide on them. */
interface LocalPins {
  readonly chosen: readonly ReviewedPin[];
  readonly desk: PinDesk;
}

export interface ReadPins {
  readonly pins: readonly ReviewedPin[];
  /** How a command is repeated for the same store. */
  readonly flags: string;
}

/** Reads the pins that are meant, whether a gateway runs or not. */
export async function readLocalPins(options: CommonOptions, choice: PinChoice): Promise<ReadPins> {
  const config = await existingStore(options);
  const ids = Object.keys(config.upstreams);
  const pins = await readStore(config, async (store) =>
    reviewed(store.pins, choosePins(store.pins.list(), ids, choice)),
  );
  return { pins, flags: storeFlags(config) };
}

/** Opens the desk for the pins that are meant, for as long as `use` takes. */
export function withLocalPins<Result>(
  options: CommonOptions,
  choice: PinChoice,
  use: (local: LocalPins) => Promise<Result>,
): Promise<Result> {
  return withLocalStore(options, ({ store, config, log }) => {
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    const desk = new PinDesk({
      pins: store.pins,
      clock: systemClock,
      by: `cli:${userName()}`,
      record: (type, members) => trail.write(type, members),
    });
    const ids = Object.keys(config.upstreams);
    return use({ chosen: reviewed(store.pins, choosePins(store.pins.list(), ids, choice)), desk });
  });
}

/** A pin that another process removes meanwhile is left out. */
function reviewed(table: PinTable, pins: readonly Pin[]): ReviewedPin[] {
  return pins.flatMap((pin) => {
    const definitions = table.definitions(pin);
    return definitions === undefined ? [] : [{ pin, definitions }];
  });
}
