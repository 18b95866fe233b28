import type { JsonObject } from '../model/json.js';
import type { Resource, ResourceTemplate } from '../model/target.js';
import { definitionDigest, type Imported, importDefinitions, type RawList } from './import-definitions.js';
import {
  amount,
  commonShape,
  listOf,
  objectOf,
  oneOf,
  refuseWrongTypes,
  type Shape,
  share,
  text,
  time,
} from './import-shapes.js';
import { matcherOf } from './uri-template.js';

/** A resource that passed import: one that its upstream lists. */
export type ImportedResource = Required<Omit<Resource, 'exposedName' | 'upstream'>>;

/** A URI template that passed import. */
export type ImportedTemplate = Omit<ResourceTemplate, 'exposedName' | 'upstream'>;

const longestUri = 4096;
/** Each may be tried for a URI that no list names. */
const mostTemplates = 200;

/** Takes over resources. Their URIs are compared as texts, never read, so any visible text will do for one. */
export function importResources(list: RawList): Imported<ImportedResource> {
  return withoutRepeats(
    importDefinitions(list, {
      what: 'resource',
      naming: 'uri',
      read(definition) {
        const name = uriIn(definition.value, 'uri');
        refuseWrongTypes(definition.value, { ...resourceShape, size: amount });
        const digest = definitionDigest('resource', definition.value);
        return { kind: 'resource' as const, name, definition, digest };
      },
    }),
    'resource',
  );
}

/** Takes over URI templates that can be matched: RFC 6570 up to level 3, and lists. */
export function importTemplates(list: RawList): Imported<ImportedTemplate> {
  const { items, rejected } = withoutRepeats(
    importDefinitions(list, {
      what: 'template',
      naming: 'uriTemplate',
      read(definition) {
        const name = uriIn(definition.value, 'uriTemplate');
        refuseWrongTypes(definition.value, resourceShape);
        matcherOf(name);
        const digest = definitionDigest('template', definition.value);
        return { kind: 'template' as const, name, definition, digest };
      },
    }),
    'template',
  );
  const reason = `at most ${mostTemplates} templates are accepted`;
  const tooMany = items.slice(mostTemplates).map(({ name }) => ({ what: 'template' as const, name, reason }));
  return { items: items.slice(0, mostTemplates), rejected: [...rejected, ...tooMany] };
}

const resourceShape: Shape = {
  ...commonShape,
  mimeType: text,
  annotations: objectOf({
    audience: listOf(oneOf('user', 'assistant')),
    priority: share,
    lastModified: time,
  }),
};

function uriIn(definition: JsonObject, member: 'uri' | 'uriTemplate'): string {
  const uri = definition[member];
  if (typeof uri !== 'string' || uri === '') throw new Error(`"${member}" is missing or not a text`);
  if (uri.length > longestUri) {
    throw new Error(`"${member}" has ${uri.length} characters, at most ${longestUri} are accepted`);
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(uri)) throw new Error(`"${member}" holds characters that cannot be seen`);
  if (typeof definition.name !== 'string') throw new Error('"name" is missing or not a text');
  return uri;
}

/** The first of several definitions with one URI stays: they mean the same thing. */
function withoutRepeats<Item extends { readonly name: string }>(
  { items, rejected }: Imported<Item>,
  what: 'resource' | 'template',
): Imported<Item> {
  const firsts = new Map<string, Item>();
  const repeated: Item[] = [];
  for (const item of items) {
    if (firsts.has(item.name)) repeated.push(item);
    else firsts.set(item.name, item);
  }
  const reason = 'the upstream lists it more than once; the first stays';
  return {
    items: [...firsts.values()],
    rejected: [...rejected, ...repeated.map(({ name }) => ({ what, name, reason }))],
  };
}
