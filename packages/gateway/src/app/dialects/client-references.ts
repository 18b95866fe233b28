import { variableName } from './literal-values.js';
import type { Part } from './part.js';
import type { Draft } from './translation.js';

/** What references in the file of a client can be replaced with. */
export interface ReferenceSource {
  readonly draft: Draft;
  /** The id of the server, for names of variables. */
  readonly server: string;
  /** Absent where the file is not run but written anew. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** What clients call folders: workspaceFolder, userHome. */
  readonly folders: Readonly<Record<string, string>>;
}

/** `${env:A}`, `${A}`, `${A:-default}`, `${input:a}`, `${workspaceFolder}`, `{env:A}`, and `$A` or `%A%` as a whole. */
const references =
  /\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{input:([^}]+)\}|(?<!\$)\{env:([A-Za-z_]\w*)\}|^\$([A-Za-z_]\w*)$|^%([A-Za-z_]\w*)%$|\$\{([^}]*)\}/g;

/** A header or variable: references become native ones. */
export function configuredText(part: Part, source: ReferenceSource): string {
  const { draft, server } = source;
  const found = readReferences(part, source, (name) => `\${env:${name}}`);
  const whole = /^\$\{(env:[A-Za-z_]\w*)\}$/.exec(found)?.[1];
  if (whole !== undefined) return whole;
  if (!/^(?:env|file):|\$\{file:/.test(found)) return found;
  const text = String(part.value);
  if (found !== text)
    part.refuse('found a reference inside a text that begins as one itself; write the value without it');
  const name = variableName(server, String(part.path.at(-1)));
  return `env:${draft.keep(name, text)}`;
}

/** A program, an argument, a folder or a URL: these have no references natively, so that the values are put in. */
export function plainText(part: Part, source: ReferenceSource): string {
  const { environment, draft } = source;
  return readReferences(part, source, (name) => {
    if (environment === undefined) {
      draft.warn(
        ['upstreams', source.server],
        `${part.path.join('.')} took the value of ${name}: write it in its place`,
      );
      return `\${${name}}`;
    }
    const value = environment[name] ?? draft.secrets[name];
    if (value === undefined) part.refuse(`refers to the variable ${name}, which is not set`);
    return value ?? '';
  });
}

function readReferences(part: Part, source: ReferenceSource, give: (name: string) => string): string {
  return textOf(part).replace(references, (...found: (string | undefined)[]) => {
    const [reference = '', braced, fallback, input, bare, dollar, percent] = found;
    const folder = source.folders[braced ?? ''];
    if (folder !== undefined) return folder;
    const name = braced ?? bare ?? dollar ?? percent;
    // The environment goes before what is kept, as it does before a default.
    if (name !== undefined && fallback !== undefined) {
      if ((source.draft.secrets[name] ?? fallback) !== fallback)
        part.refuse(`gives ${name} another default than an earlier part does; expected one for all`);
      source.draft.secrets[name] = fallback;
    }
    if (name !== undefined) return give(name);
    if (input !== undefined) {
      const asked = variableName(input);
      source.draft.warn(
        ['upstreams', source.server],
        `the client asks a person for "${input}": set ${asked} instead`,
      );
      return give(asked);
    }
    part.refuse(`found ${JSON.stringify(reference)}, which only the client knows; write the value`);
    return reference;
  });
}

function textOf(part: Part): string {
  if (typeof part.value === 'number' || typeof part.value === 'boolean') return String(part.value);
  if (typeof part.value === 'string') return part.value;
  part.refuse('found no text; expected text');
  return '';
}
