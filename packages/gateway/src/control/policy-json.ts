import { isoTime } from '../lib/clock.js';
import { filePolicyName, type LayerVersion } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';

/** What the configuration file says of the policy. */
export interface FilePolicy {
  readonly default: 'allow' | 'deny';
  readonly rules: readonly JsonObject[];
  readonly revision: string;
}

interface Rule {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly effect: string;
}

/** The policy of the file, which is changed there. */
export function filePolicyJson({ default: fallback, rules, revision }: FilePolicy) {
  return {
    name: filePolicyName,
    source: 'file' as const,
    revision,
    default: fallback,
    rules: rules as readonly Rule[],
  };
}

/** A policy that was made over REST. */
export function policyJson(version: LayerVersion) {
  const { name, revision, at, by, note } = version;
  return {
    name,
    source: 'api' as const,
    revision,
    version: version.version,
    ...contentJson(version.content),
    at: isoTime(at),
    by,
    ...(note !== undefined && { note }),
  };
}

/** A version of it, or its end. */
export function versionJson({ version, revision, at, by, note, content }: LayerVersion) {
  return {
    version,
    revision,
    at: isoTime(at),
    by,
    ...(note !== undefined && { note }),
    ...(content === undefined ? { removed: true } : contentJson(content)),
  };
}

function contentJson(content: JsonObject = {}) {
  const { description, rules = [], haldir } = content;
  return {
    ...(typeof description === 'string' && { description }),
    rules: rules as unknown as readonly Rule[],
    ...(haldir !== undefined && { haldir: haldir as JsonObject }),
  };
}
