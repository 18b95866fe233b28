import { basename, resolve } from 'node:path';
import type { ConfigProblem } from '../app/config/config-error.js';
import type { ConfigFile } from '../app/config/config-file.js';
import { readConfigFile } from '../app/config/load-config.js';
import type { JsonObject } from '../model/json.js';
import type { LayerProblem } from '../model/layer-fault.js';
import { CliError } from './cli-error.js';

/** A policy in a file of its own, or in a configuration. */
export interface PolicyFile {
  /** What it is called where nothing else is said: the file's own name. */
  readonly name: string;
  readonly content: JsonObject;
  /** Where in the file a problem is. */
  place(problem: LayerProblem): ConfigProblem;
}

/** Reads `rules`, with a `description`, or the `policy` of a configuration, or the body of one policy of Haldir. */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const file = await readConfigFile(resolve(path));
  const { content, prefix, drop } = contentIn(file, path);
  return {
    name: basename(path).replace(/\.[^.]+$/, ''),
    content,
    place: (problem) => {
      const { path: at } = problem;
      if (/^(policies|upstreams|policy)\b/.test(at)) return problem;
      return { ...problem, file: path, ...file.locate([...prefix, ...partsOf(at).slice(drop)]) };
    },
  };
}

interface Found {
  readonly content: JsonObject;
  /** Where in the file the content begins, and how many steps of its own paths the file does not have. */
  readonly prefix: readonly string[];
  readonly drop: number;
}

function contentIn({ value }: ConfigFile, path: string): Found {
  const whole = (value ?? {}) as JsonObject;
  const { rules, policy, description, type } = whole;
  if (typeof type === 'string') return { content: { haldir: whole }, prefix: [], drop: 1 };
  if (rules !== undefined || whole.haldir !== undefined) return { content: whole, prefix: [], drop: 0 };
  const inner = (policy as JsonObject | undefined)?.rules;
  if (inner !== undefined)
    return {
      content: { ...(description !== undefined && { description }), rules: inner },
      prefix: ['policy'],
      drop: 0,
    };
  throw new CliError(`${path}: found no rules; expected "rules", "policy" with rules, or a policy of Haldir`);
}

/** `rules[0].match.tools` as its steps. */
function partsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|("(?:[^"\\]|\\.)*")|[^.[\]"]+/g)].map(([text, index, quoted]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? text : (JSON.parse(quoted) as string);
  });
}
