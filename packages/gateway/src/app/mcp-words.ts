import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { EffectiveConfig } from './config/effective-config.js';

const appsExtension = 'io.modelcontextprotocol/ui';

/** The extensions that clients are told of, with their settings; `offers` are the capabilities of each upstream. */
export function announcedExtensions(
  { extensions }: EffectiveConfig,
  offers: readonly JsonObject[],
): Record<string, JsonValue> {
  const configured = extensions.relay.map(({ name, settings }) => [name, settings as JsonValue] as const);
  const hasApps = extensions.apps && offers.some(offersApps);
  return { ...(hasApps ? { [appsExtension]: {} } : {}), ...Object.fromEntries(configured) };
}

function offersApps({ extensions }: JsonObject): boolean {
  return isJsonObject(extensions) && Object.hasOwn(extensions, appsExtension);
}

/** The upstream of each method that is relayed although the protocol does not have it. */
export function relayedMethods({ extensions }: EffectiveConfig): ReadonlyMap<string, string> {
  return new Map(
    extensions.relay.flatMap(({ methods, upstream }) =>
      upstream === undefined ? [] : methods.map((method) => [method, upstream] as const),
    ),
  );
}

/**
 * What models are told at an endpoint: the operator's words, then, labelled, those of the upstreams that the
 * configuration lets speak; an upstream that has not come up yet says nothing. Undefined where nobody says anything.
 */
export function instructionsAt(
  endpoint: string | undefined,
  { instructions, upstreams }: EffectiveConfig,
  ofUpstream: (id: string) => string | undefined,
): string | undefined {
  const isOfOne = endpoint !== undefined && Object.hasOwn(upstreams, endpoint);
  const speakers = instructions.upstreams.filter((id) => !isOfOne || id === endpoint);
  const theirs = speakers.flatMap((id) => {
    const text = ofUpstream(id);
    return text === undefined ? [] : [`Instructions of the server "${id}":\n${text}`];
  });
  const all = instructions.text === undefined ? theirs : [instructions.text, ...theirs];
  return all.length === 0 ? undefined : all.join('\n\n');
}
