import { nearest } from '../lib/nearest.js';
import type { Pin, PinKind } from '../store/pin.js';
import { stateOfPin } from '../upstreams/pins/standing.js';
import { CliError } from './cli-error.js';

/** Which pins a command is about. */
export interface PinChoice {
  readonly upstream?: string | undefined;
  readonly name?: string | undefined;
  readonly kind?: PinKind | undefined;
}

export interface PinOptions {
  readonly kind?: PinKind;
}

/** The arguments `[upstream] [tool]` with the options, as a choice. */
export function readChoice([upstream, name]: readonly string[], { kind }: PinOptions): PinChoice {
  return { upstream, name, kind };
}

/**
 * The pins that are meant. An upstream or a name that nothing is known of is a failure that names the nearest; `ids` are
 * the configured upstreams, of which nothing may be known yet.
 */
export function choosePins(
  pins: readonly Pin[],
  ids: readonly string[],
  { upstream, name, kind }: PinChoice,
): Pin[] {
  const ofKind = pins.filter((pin) => kind === undefined || pin.kind === kind);
  if (upstream === undefined) return ofKind;
  const known = [...new Set([...pins.map((pin) => pin.upstream), ...ids])];
  // The part after "@" tells servers apart whose ids were made of their command lines.
  const isMeant = (id: string) => id === upstream || id.startsWith(`${upstream}@`);
  if (!known.some(isMeant)) throw unknown('UPSTREAM', upstream, known);
  const ofUpstream = ofKind.filter((pin) => isMeant(pin.upstream));
  if (name === undefined) return ofUpstream;
  const chosen = ofUpstream.filter((pin) => pin.name === name);
  if (chosen.length > 0) return chosen;
  const names = ofUpstream.map((pin) => pin.name);
  throw unknown(kind === undefined ? 'TOOL' : kind.toUpperCase(), name, names);
}

/** Whether somebody has to decide. */
export function isOpen(pin: Pin): boolean {
  const state = stateOfPin(pin);
  return state === 'waiting' || state === 'changed';
}

const mostNamed = 20;

function unknown(what: string, found: string, known: readonly string[]): CliError {
  const meant = nearest(found, known);
  const listed = known.slice(0, mostNamed).join(', ');
  const more = known.length > mostNamed ? ` and ${known.length - mostNamed} more` : '';
  const expected =
    known.length === 0 ? 'one that a gateway has seen, and it has seen none' : `${listed}${more}`;
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return new CliError(`${what}: found ${JSON.stringify(found)}; expected ${expected}${remedy}`);
}
