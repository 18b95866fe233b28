import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { ConfigError, type ConfigProblem } from './config-error.js';
import type { ConfigFile, Position } from './config-file.js';

/** More uses of an anchor than any written configuration has; fewer than a bomb needs. */
const maxAliases = 100;

/** Reads YAML 1.2; duplicate keys, unknown tags and several documents are problems. */
export function readYaml(file: string, text: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new ConfigError(
      faults.map((fault): ConfigProblem => {
        const message = `not valid YAML: ${fault.message}`;
        return { path: '', message, file, ...positionOf(lines, fault.pos[0]) };
      }),
    );
  }
  return {
    file,
    value: readValue(file, document) ?? {},
    locate: (path) => locate(document, lines, path),
  };
}

function readValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    const message = `found aliases that repeat their anchors too often; expected at most ${maxAliases} uses`;
    throw new ConfigError([{ path: '', message, file }], cause);
  }
}

function locate(document: Document, lines: LineCounter, path: readonly PropertyKey[]): Position | undefined {
  let node: unknown = document.contents;
  let at = isNode(node) ? node.range?.[0] : undefined;
  for (const part of path) {
    const container = isAlias(node) ? node.resolve(document) : node;
    if (isMap(container)) {
      const pair = container.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      at = isScalar(pair.key) ? (pair.key.range?.[0] ?? at) : at;
      node = pair.value;
    } else if (isSeq(container)) {
      node = container.items[Number(part)];
      if (!isNode(node)) break;
      at = node.range?.[0] ?? at;
    } else break;
  }
  return at === undefined ? undefined : positionOf(lines, at);
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
