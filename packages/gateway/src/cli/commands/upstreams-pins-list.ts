import { inertJson } from '../../lib/inert-text.js';
import { nearest } from '../../lib/nearest.js';
import { type PinState, pinStates, stateOfPin } from '../../upstreams/pins/standing.js';
import { isOpen, type PinOptions, readChoice } from '../choose-pins.js';
import { CliError } from '../cli-error.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { pinCells, pinHeadings, pinJson } from '../format-pin.js';
import type { GatewayOptions } from '../gateway-options.js';
import { readPins } from '../pins-at.js';
import { printTable } from '../print-table.js';
import { print, say } from '../terminal.js';

interface ListOptions extends CommonOptions, JsonOption, PinOptions, GatewayOptions {
  readonly state?: string;
}

/** `upstreams pins list`: what is accepted and what waits. */
export async function listPins(options: ListOptions, names: readonly string[]): Promise<number> {
  const states = options.state?.split(',').map(readState);
  const { pins, flags } = await readPins(options, readChoice(names, options));
  const shown = pins.map(({ pin }) => pin).filter((pin) => states?.includes(stateOfPin(pin)) ?? true);
  if (options.json === true) {
    print(inertJson({ pins: shown.map(pinJson) }));
    return 0;
  }
  const none = 'No gateway has listed a tool or prompt yet; pins are made when one does.';
  printTable(pinHeadings, shown.map(pinCells), pins.length === 0 ? none : 'No pin is in that state.');
  const open = shown.filter(isOpen).length;
  if (open > 0)
    say(`${open === 1 ? '1 waits' : `${open} wait`} for a decision: sallyport upstreams pins diff${flags}`);
  return 0;
}

function readState(text: string): PinState {
  const found = pinStates.find((state) => state === text.trim());
  if (found !== undefined) return found;
  const meant = nearest(text, pinStates);
  const remedy = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new CliError(`--state: found ${JSON.stringify(text)}; expected ${pinStates.join(', ')}${remedy}`, 2);
}
