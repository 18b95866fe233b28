import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Entities } from '@cedar-policy/cedar-wasm/nodejs';
import { JsonFault, parseJson } from '../../lib/json/parse-json.js';
import { EvaluatorFault } from '../evaluator-plugin.js';
import type { CedarSources } from './load-cedar.js';

interface CedarFiles {
  readonly policies: readonly string[];
  readonly schema?: string | undefined;
  readonly entities?: string | undefined;
  readonly validateRequests: boolean;
}

/** Longest file; policies are read whole. */
const mostBytes = 4_194_304;

/** Rejects with EvaluatorFault for a file that cannot be read. */
export async function readCedarFiles(files: CedarFiles, baseDir: string): Promise<CedarSources> {
  const read = (file: string, path: readonly PropertyKey[]) => textOf(resolve(baseDir, file), path);
  const policies = await Promise.all(files.policies.map((file, index) => read(file, ['policies', index])));
  const schema = files.schema === undefined ? undefined : await read(files.schema, ['schema']);
  const entities = files.entities === undefined ? undefined : await read(files.entities, ['entities']);
  if (files.validateRequests && schema === undefined) {
    throw new EvaluatorFault(
      ['validateRequests'],
      'requests can only be validated with a schema; name its file',
    );
  }
  return {
    policies,
    ...(schema !== undefined && { schema: schemaOf(schema, files.schema ?? '') }),
    entities: entities === undefined ? [] : (jsonOf(entities, ['entities']) as unknown as Entities),
    validateRequests: files.validateRequests,
  };
}

async function textOf(file: string, path: readonly PropertyKey[]): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new EvaluatorFault(path, `the file cannot be read${code}`, cause);
  }
  if (bytes.length > mostBytes) throw new EvaluatorFault(path, `the file is longer than ${mostBytes} bytes`);
  return bytes.toString('utf8');
}

function schemaOf(text: string, file: string): NonNullable<CedarSources['schema']> {
  return file.endsWith('.json') ? (jsonOf(text, ['schema']) as NonNullable<CedarSources['schema']>) : text;
}

function jsonOf(text: string, path: readonly PropertyKey[]): unknown {
  try {
    return parseJson(text).value;
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw new EvaluatorFault(path, `the file is no JSON: ${cause.message}`, cause);
  }
}
