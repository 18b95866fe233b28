import { elementsOf, membersOf, onOneLine } from '../../lib/json/members.js';
import { decodeUtf8, isJsonObject, JsonFault, parseJson } from '../../lib/json/parse-json.js';
import type { JsonObjectText } from '../../model/json.js';
import type { Target } from '../../model/target.js';
import type { Upstreams } from '../../upstreams/upstreams.js';
import { ConfigError } from '../config/config-error.js';

/** The lists of a server, by the names that the protocol has for them. */
export const offerLists = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;

/** What one server offers: its definitions as it wrote them. A list that is absent is one that it does not have. */
export type ServerOffer = { readonly [list in (typeof offerLists)[number]]?: readonly JsonObjectText[] };

/** What servers offered at one time, by the ids of the upstreams. */
export type OfferSnapshot = Readonly<Record<string, ServerOffer>>;

/** What all upstreams offer now; those that are not up are left out. */
export function snapshotOf(upstreams: Upstreams): OfferSnapshot {
  const { tools, prompts, resources, templates } = upstreams.known();
  const up = upstreams.status().filter(({ state }) => state === 'up');
  return Object.fromEntries(
    up.map(({ id }) => [
      id,
      {
        tools: definitionsOf(tools, id),
        prompts: definitionsOf(prompts, id),
        resources: definitionsOf(resources, id),
        resourceTemplates: definitionsOf(templates, id),
      },
    ]),
  );
}

function definitionsOf(targets: readonly Target[], id: string): JsonObjectText[] {
  return targets.flatMap(({ upstream, definition }) =>
    upstream === id && definition !== undefined ? [definition] : [],
  );
}

/** The text of a snapshot file: JSON with each definition on a line of its own, so that changes can be reviewed. */
export function snapshotText(snapshot: OfferSnapshot): string {
  const servers = Object.entries(snapshot).map(([id, offer]) => {
    const lists = offerLists.flatMap((list) => {
      const lines = (offer[list] ?? []).map(({ text }) => `        ${onOneLine(text)}`);
      return lines.length === 0 ? [] : [`      "${list}": [\n${lines.join(',\n')}\n      ]`];
    });
    return `    ${JSON.stringify(id)}: {\n${lists.join(',\n')}\n    }`;
  });
  return `{\n  "snapshot": 1,\n  "upstreams": {\n${servers.join(',\n')}\n  }\n}\n`;
}

/** Reads a snapshot file; throws ConfigError for one that is none. */
export function parseSnapshot(file: string, bytes: Uint8Array): OfferSnapshot {
  try {
    const { text, value } = parseJson(decodeUtf8(bytes));
    if (!isJsonObject(value) || value.snapshot !== 1) throw new Error('it has no member "snapshot": 1');
    if (!isJsonObject(value.upstreams)) throw new Error('its member "upstreams" is no object');
    const upstreams = membersOf(text).find(([name]) => name === 'upstreams')?.[1] ?? '{}';
    return offersIn(upstreams);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = cause instanceof JsonFault ? 'not valid JSON' : 'not a snapshot of what servers offer';
    const message = `${what}: ${why}; write one with "sallyport policy snapshot"`;
    throw new ConfigError([{ path: '', message, file }], cause);
  }
}

/** Offers that are written in place, as a mapping of ids; a tool without a schema takes no particular arguments. */
export function offersOf(value: unknown): OfferSnapshot {
  return offersIn(JSON.stringify(value));
}

function offersIn(text: string): OfferSnapshot {
  return Object.fromEntries(membersOf(text).map(([id, offer]) => [id, offerIn(id, offer)]));
}

function offerIn(id: string, text: string): ServerOffer {
  const lists = membersOf(text).map(([name, list]) => {
    if (!offerLists.some((known) => known === name))
      throw new Error(`"${name}" of ${id} is no list of a server; there are ${offerLists.join(', ')}`);
    return [name, elementsOf(list).map((one) => definitionIn(name, one))] as const;
  });
  return Object.fromEntries(lists);
}

function definitionIn(list: string, text: string): JsonObjectText {
  const { value } = parseJson(text);
  if (!isJsonObject(value)) throw new Error(`an item of "${list}" is no object`);
  if (list !== 'tools' || value.inputSchema !== undefined) return { text, value };
  const whole = { ...value, inputSchema: { type: 'object' } };
  return { text: JSON.stringify(whole), value: whole };
}
