import { inertJson } from '../../lib/inert-text.js';
import { isOpen, type PinOptions, readChoice } from '../choose-pins.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { pinDiffJson, pinDiffLines, type ReviewedPin } from '../format-pin-diff.js';
import type { GatewayOptions } from '../gateway-options.js';
import { quoted } from '../local-store.js';
import { readPins } from '../pins-at.js';
import { print, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** Told by the exit code, so that a script can wait for a person. */
const somethingWaits = 3;

/** `upstreams pins diff`: what waits against what was accepted; one that is named is shown whether it waits or not. */
export async function diffPins(
  options: CommonOptions & JsonOption & PinOptions & GatewayOptions,
  names: readonly string[],
): Promise<number> {
  const choice = readChoice(names, options);
  const { pins, flags } = await readPins(options, choice);
  const shown = choice.name === undefined ? pins.filter(({ pin }) => isOpen(pin)) : pins;
  const waits = shown.some(({ pin }) => isOpen(pin));
  if (options.json === true) print(inertJson({ pins: shown.map(pinDiffJson) }));
  else showAll(shown, flags);
  return waits ? somethingWaits : 0;
}

function showAll(shown: readonly ReviewedPin[], flags: string): void {
  if (shown.length === 0) say('Nothing waits for a decision.');
  for (const reviewed of shown) {
    for (const line of pinDiffLines(reviewed)) print(line);
    if (isOpen(reviewed.pin)) print(`  to accept it: ${acceptLine(reviewed)}${flags}`);
    print('');
  }
}

function acceptLine({ pin, definitions }: ReviewedPin): string {
  const kind = pin.kind === 'tool' ? '' : ` --kind ${pin.kind}`;
  const name = quoted(visibleText(pin.name));
  return `sallyport upstreams pins accept ${pin.upstream} ${name}${kind} --digest ${definitions.offered.digest}`;
}
