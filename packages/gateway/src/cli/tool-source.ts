import { resolve } from 'node:path';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { readSnapshotFile } from '../app/policy-tools/golden-file.js';
import { type OfferSnapshot, snapshotOf } from '../app/policy-tools/offer-snapshot.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { PinKey, PinKind } from '../store/pin.js';
import type { PinTable } from '../store/pin-table.js';
import { CliError } from './cli-error.js';
import { withUpstreams } from './connect-upstreams.js';
import { hasStore } from './local-store.js';
import { readStore } from './read-store.js';
import { say } from './terminal.js';

/** The option of commands that must know which tools there are. */
export interface ToolsOption {
  readonly tools?: string;
}

/**
 * What servers offer: `live` asks them, `pins` reads what the gateway saw last, anything else is a snapshot file. With
 * nothing said, pins where there are any.
 */
export async function snapshotFor(config: EffectiveConfig, word?: string): Promise<OfferSnapshot> {
  if (word === 'live') return liveSnapshot(config);
  if (word !== undefined && word !== 'pins') return readSnapshotFile(resolve(word));
  const pinned = hasStore(config) ? await pinnedSnapshot(config) : {};
  if (Object.keys(pinned).length > 0) return pinned;
  if (word === undefined) return liveSnapshot(config);
  throw new CliError(
    `--tools: found "pins", but nothing is pinned in ${config.dataDir}; start the gateway once, or use live or a file`,
  );
}

/** Asks the servers, and calls nothing. */
async function liveSnapshot(config: EffectiveConfig): Promise<OfferSnapshot> {
  const snapshot = await withUpstreams(config, snapshotOf);
  if (Object.keys(snapshot).length > 0) return snapshot;
  const remedy = 'name a snapshot file with --tools, or see why with "sallyport upstreams list"';
  throw new CliError(`no server is up, so nothing is known of any tool; ${remedy}`);
}

function pinnedSnapshot(config: EffectiveConfig): Promise<OfferSnapshot> {
  return readStore(config, async ({ pins }) => {
    const snapshot = pinnedOffer(config, pins);
    if (Object.keys(snapshot).length > 0)
      say('note: resources are not pinned; only tools and prompts are known');
    return snapshot;
  });
}

/** What is accepted, else what is offered, of tools and prompts that the last list held. */
export function pinnedOffer({ upstreams }: EffectiveConfig, pins: PinTable): OfferSnapshot {
  const known = pins.list().filter(({ present, upstream }) => present && upstream in upstreams);
  const ids = [...new Set(known.map(({ upstream }) => upstream))];
  const listOf = (id: string, wanted: PinKind) =>
    known
      .filter(({ upstream, kind }) => upstream === id && kind === wanted)
      .flatMap((pin) => definitionOf(pins.definitions(pin), pin));
  return Object.fromEntries(
    ids.map((id) => [id, { tools: listOf(id, 'tool'), prompts: listOf(id, 'prompt') }]),
  );
}

interface Kept {
  readonly accepted?: { readonly text: string };
  readonly offered: { readonly text: string };
}

function definitionOf(kept: Kept | undefined, { upstream, name }: PinKey): JsonObjectText[] {
  if (kept === undefined) return [];
  const { text, value } = parseJson((kept.accepted ?? kept.offered).text);
  if (isJsonObject(value)) return [{ text, value }];
  throw new CliError(`the pinned definition of ${upstream}:${name} is no object`);
}
