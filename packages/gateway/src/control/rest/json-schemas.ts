import { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** Writes schemas for the document and collects those that have a name, each once. */
export class JsonSchemas {
  readonly #named = new Map<string, Json>();

  /** What is accepted (`input`) or answered (`output`), with references to what has a name. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    // Within a list, so that the schema itself becomes a reference where it has a name.
    const { items, $defs = {} } = z.toJSONSchema(z.array(schema), {
      io,
      unrepresentable: 'any',
    }) as { items: Json; $defs?: Record<string, Json> };
    for (const [name, definition] of Object.entries($defs)) this.#add(name, toDocument(definition));
    return toDocument(items);
  }

  get named(): ReadonlyMap<string, Json> {
    return this.#named;
  }

  #add(name: string, definition: Json): void {
    const known = this.#named.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition))
      throw new Error(`two schemas are called ${name}, or it is another in questions than in answers`);
    this.#named.set(name, definition);
  }
}

function toDocument(definition: Json): Json {
  const text = JSON.stringify(definition, (key, value: unknown) =>
    key === 'id' && isName(value) ? undefined : value,
  );
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}

/** `meta({ id })` is written into the schema, too, where JSON Schema has no such word; a property of that name is an object. */
function isName(value: unknown): boolean {
  return typeof value === 'string';
}
