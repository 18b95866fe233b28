import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { evaluatorOptions } from '#contract';
import { digest } from '../../lib/json/canonical-json.js';
import { decodeUtf8, isJsonObject, parseJson } from '../../lib/json/parse-json.js';
import type { JsonValue } from '../../model/json.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator, EvaluatorFault } from '../evaluator-plugin.js';
import { type OpaBundle, readBundle } from '../opa/read-bundle.js';
import { jsonText, outsideInput } from '../outside-input.js';
import { opaVerdict } from './opa.js';

/** The domain byte of OPA modules among the things that are hashed. */
const opaDomain = 0x1b;

/** Decides by Rego that was compiled to Wasm; in this process, and sooner than a service could answer. */
export const opaWasm = defineEvaluator({
  name: 'opa-wasm',
  options: evaluatorOptions['opa-wasm'],
  async create({ file, entrypoint, data: dataFile }, { name, baseDir }) {
    const bundle = await readFrom(resolve(baseDir, file), 'file', readBundle);
    const data =
      dataFile === undefined ? bundle.data : await readFrom(resolve(baseDir, dataFile), 'data', readJson);
    const evaluate = await load(bundle, data, entrypoint);
    const content = `${Buffer.from(bundle.wasm).toString('base64')}:${data === undefined ? '' : jsonText(data)}`;
    return {
      name,
      revision: digest(opaDomain, content),
      evaluate: (question) => evaluate(jsonText(outsideInput(question))),
    };
  },
});

type Evaluate = (input: string) => Verdict;

async function load({ wasm }: OpaBundle, data: JsonValue | undefined, entrypoint: string): Promise<Evaluate> {
  const { loadPolicy } = await library();
  const policy = await loadPolicy(wasm).catch((cause: unknown) => {
    throw new EvaluatorFault(['file'], `OPA cannot load the module: ${wordsOf(cause)}`, cause);
  });
  if (data !== undefined) policy.setData(bytesOf(jsonText(data)));
  const { entrypoints } = policy as unknown as { entrypoints: Record<string, number> };
  if (!Object.hasOwn(entrypoints, entrypoint)) {
    const known = Object.keys(entrypoints).join(', ');
    throw new EvaluatorFault(['entrypoint'], `found "${entrypoint}"; the module has ${known}`);
  }
  return (input) => {
    const results: unknown = policy.evaluate(bytesOf(input), entrypoint);
    const first: unknown = Array.isArray(results) ? results[0] : undefined;
    const result = isJsonObject(first as JsonValue) ? (first as { result?: JsonValue }).result : undefined;
    if (result === undefined) throw new Error(`${entrypoint} is undefined for the call`);
    return opaVerdict(result);
  };
}

async function library(): Promise<typeof import('@open-policy-agent/opa-wasm')> {
  try {
    return await import('@open-policy-agent/opa-wasm');
  } catch (cause) {
    const remedy = 'npm install @open-policy-agent/opa-wasm@1';
    throw new EvaluatorFault(
      ['kind'],
      `OPA modules need the package @open-policy-agent/opa-wasm, which cannot be loaded; install it: ${remedy}`,
      cause,
    );
  }
}

async function readFrom<Value>(file: string, option: string, read: (bytes: Buffer) => Value): Promise<Value> {
  try {
    return read(await readFile(file));
  } catch (cause) {
    throw new EvaluatorFault([option], `cannot be used: ${wordsOf(cause)}`, cause);
  }
}

function readJson(bytes: Buffer): JsonValue {
  return parseJson(decodeUtf8(bytes)).value;
}

/** The library takes an ArrayBuffer for JSON text as it is, so that big integers survive. */
function bytesOf(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
