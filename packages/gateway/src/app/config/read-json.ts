import { JsonFault, parseJson } from '../../lib/json/parse-json.js';
import { ConfigError } from './config-error.js';
import type { ConfigFile, Position } from './config-file.js';
import { readYaml } from './read-yaml.js';

/** Reads strict JSON: no comments, no duplicate names, no trailing data. */
export function readJson(file: string, text: string): ConfigFile {
  const value = parse(file, text);
  // Strict JSON is YAML too, and the YAML reader knows positions; it runs only when a position is asked for.
  let positions: ConfigFile | undefined;
  return {
    file,
    value,
    locate(path) {
      positions ??= readYaml(file, text);
      return positions.locate(path);
    },
  };
}

function parse(file: string, text: string): unknown {
  try {
    return parseJson(text).value;
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    const message = `not valid JSON: ${fault.message}`;
    throw new ConfigError([{ path: '', message, file, ...positionOf(text, fault.at) }], fault);
  }
}

function positionOf(text: string, at: number): Position {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
