import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';

/** Throws, with a sentence that names the place, for a value that is not what the protocol says. */
type Check = (value: JsonValue, place: string) => void;

/** What clients read of a definition: a check for each member; members that are not named may be anything. */
export type Shape = Readonly<Record<string, Check>>;

/**
 * Throws for the first member that is not what the protocol says. Clients refuse a whole list for one such member, so one
 * upstream would take away what all the others offer.
 */
export function refuseWrongTypes(definition: JsonObject, shape: Shape): void {
  checkMembers(definition, shape, '');
}

export const text: Check = (value, place) => {
  if (typeof value !== 'string') throw wrong(place, 'a string');
};

export const truth: Check = (value, place) => {
  if (typeof value !== 'boolean') throw wrong(place, 'true or false');
};

export const amount: Check = (value, place) => {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong(place, 'a number');
};

/** A number from 0 to 1. */
export const share: Check = (value, place) => {
  if (typeof value !== 'number' || value < 0 || value > 1) throw wrong(place, 'a number from 0 to 1');
};

/** RFC 3339, with the offset from UTC that clients insist on. */
export const time: Check = (value, place) => {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
  if (typeof value !== 'string' || !form.test(value) || Number.isNaN(Date.parse(value))) {
    throw wrong(place, 'a date and time with an offset from UTC');
  }
};

export function oneOf(...words: readonly string[]): Check {
  return (value, place) => {
    if (typeof value !== 'string' || !words.includes(value)) throw wrong(place, `one of ${words.join(', ')}`);
  };
}

export function listOf(item: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(place, 'an array');
    for (const [index, one] of value.entries()) item(one, `${place}[${index}]`);
  };
}

/** An object with members of these types, of which `required` must be there. */
export function objectOf(shape: Shape, ...required: readonly string[]): Check {
  return (value, place) => {
    if (!isJsonObject(value)) throw wrong(place, 'an object');
    const missing = required.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) throw new Error(`"${place}" lacks "${missing}"`);
    checkMembers(value, shape, `${place}.`);
  };
}

/** A schema, or one of the two that are no objects. */
const schemaOrTruth: Check = (value, place) => {
  if (!isJsonObject(value) && typeof value !== 'boolean') throw wrong(place, 'a schema');
};

/** The members of a schema whose form clients check before they give it to a library. */
export const schema = objectOf({
  properties: (value, place) => {
    if (!isJsonObject(value)) throw wrong(place, 'an object');
    for (const [name, inner] of Object.entries(value)) schemaOrTruth(inner, `${place}.${name}`);
  },
  required: listOf(text),
  $schema: text,
});

/** The members that prompts, resources, templates and tools have in common. */
export const commonShape: Shape = {
  title: text,
  description: text,
  icons: listOf(
    objectOf({ src: text, mimeType: text, sizes: listOf(text), theme: oneOf('light', 'dark') }, 'src'),
  ),
  _meta: objectOf({}),
};

function checkMembers(value: JsonObject, shape: Shape, prefix: string): void {
  for (const [name, check] of Object.entries(shape)) {
    const inner = Object.hasOwn(value, name) ? value[name] : undefined;
    if (inner !== undefined) check(inner, prefix + name);
  }
}

function wrong(place: string, wanted: string): Error {
  return new Error(`"${place}" is not ${wanted}`);
}
