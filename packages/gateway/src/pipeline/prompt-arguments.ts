import { isJsonObject } from '../lib/json/parse-json.js';
import { nearest } from '../lib/nearest.js';
import type { JsonValue } from '../model/json.js';
import type { Prompt } from '../model/target.js';

interface Declared {
  readonly required: readonly string[];
  /** Absent for a prompt that names no arguments: what it takes is not known. */
  readonly names?: ReadonlySet<string>;
}

const declarations = new WeakMap<Prompt, Declared>();

/**
 * The first thing wrong with the arguments of a prompt, as a sentence; they are texts under declared names. As with
 * tools, a name that the prompt does not declare is a fault unless its upstream is `open`.
 */
export function promptArgumentFault(
  prompt: Prompt,
  args: JsonValue | undefined,
  open: boolean,
): string | undefined {
  const { required, names } = declaredBy(prompt);
  const given = isJsonObject(args) ? args : {};
  for (const name of required) {
    if (!Object.hasOwn(given, name)) return `The arguments lack "${name}", which the prompt requires.`;
  }
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') return `The argument "${name}" must be a string.`;
    if (!open && names?.has(name) === false) return strangerSentence(name, names);
  }
  return undefined;
}

function declaredBy(prompt: Prompt): Declared {
  let declared = declarations.get(prompt);
  if (declared === undefined) {
    declared = readDeclaration(prompt.definition.value.arguments);
    declarations.set(prompt, declared);
  }
  return declared;
}

function readDeclaration(declaration: JsonValue | undefined): Declared {
  const all = Array.isArray(declaration) ? declaration.filter(isJsonObject) : [];
  const named = all.flatMap(({ name, required }) => (typeof name === 'string' ? [{ name, required }] : []));
  const required = named.filter((one) => one.required === true).map(({ name }) => name);
  return named.length === 0 ? { required } : { required, names: new Set(named.map(({ name }) => name)) };
}

function strangerSentence(stranger: string, names: ReadonlySet<string>): string {
  const known = [...names];
  const meant = nearest(stranger, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return `The arguments hold "${stranger}", which the prompt does not know; it knows ${known.join(', ')}.${hint}`;
}
