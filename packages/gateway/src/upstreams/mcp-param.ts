import { encodeHeaderValue } from '../lib/header-value.js';
import { valueAt } from '../lib/json/value-at.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { type PropertyPath, walkSchema } from './schema-walk.js';

/** An argument that a tool wants mirrored in a header (`x-mcp-header` of revision 2026-07-28). */
export interface HeaderParam {
  /** The whole header name, for example `Mcp-Param-Region`. */
  readonly header: string;
  /** Names that lead from the arguments to the value. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

const cache = new WeakMap<JsonObject, readonly HeaderParam[]>();

/** The mirrored arguments of an input schema; throws for an annotation that the protocol forbids. */
export function headerParams(inputSchema: JsonObject): readonly HeaderParam[] {
  const known = cache.get(inputSchema);
  if (known !== undefined) return known;
  const found: HeaderParam[] = [];
  const taken = new Set<string>();
  walkSchema(inputSchema, (schema, path) => {
    const param = readAnnotation(schema, path);
    if (param === undefined) return;
    const folded = param.header.toLowerCase();
    if (taken.has(folded)) throw new HeaderParamFault(`x-mcp-header "${param.header}" comes twice`);
    taken.add(folded);
    found.push(param);
  });
  cache.set(inputSchema, found);
  return found;
}

/** Adds the `Mcp-Param-*` headers of one call to a flat list of names and values. */
export function addParamHeaders(
  headers: string[],
  inputSchema: JsonObject,
  args: JsonValue | undefined,
): void {
  for (const param of headerParams(inputSchema)) {
    const value = textOf(valueAt(args, param.path));
    if (value !== undefined) headers.push(param.header, encodeHeaderValue(value));
  }
}

class HeaderParamFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HeaderParamFault';
  }
}

function readAnnotation(schema: JsonObject, path: PropertyPath): HeaderParam | undefined {
  if (!Object.hasOwn(schema, 'x-mcp-header')) return undefined;
  const name = schema['x-mcp-header'];
  if (typeof name !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/.test(name)) {
    throw new HeaderParamFault('x-mcp-header is not an HTTP token of at most 64 characters');
  }
  if (path === undefined || path.length === 0) {
    throw new HeaderParamFault(
      `x-mcp-header "${name}" stands on something that is not a property of the arguments`,
    );
  }
  const type = schema.type;
  if (type !== 'string' && type !== 'integer' && type !== 'boolean') {
    throw new HeaderParamFault(
      `x-mcp-header "${name}" stands on a property that is no string, integer or boolean`,
    );
  }
  return { header: `Mcp-Param-${name}`, path, type };
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return undefined;
}
