import { isJsonObject } from '../../lib/json/parse-json.js';
import type { Revision } from '../../model/call.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { ServerFacts } from '../connection.js';

const longestInstructions = 16_384;

/** What a server says about itself in answer to `initialize` or `server/discover`. */
export function serverFacts(revision: Revision, answer: JsonObject): ServerFacts {
  const capabilities = isJsonObject(answer.capabilities) ? answer.capabilities : {};
  const has = (name: string) => isJsonObject(capabilities[name]);
  const { instructions } = answer;
  return {
    revision,
    tools: has('tools'),
    prompts: has('prompts'),
    resources: has('resources'),
    completions: has('completions'),
    logging: has('logging'),
    subscribe: flagOf(capabilities.resources, 'subscribe'),
    listChanged: {
      tools: flagOf(capabilities.tools, 'listChanged'),
      prompts: flagOf(capabilities.prompts, 'listChanged'),
      resources: flagOf(capabilities.resources, 'listChanged'),
    },
    capabilities,
    ...(typeof instructions === 'string' ? { instructions: cut(instructions) } : {}),
  };
}

function flagOf(capability: JsonValue | undefined, name: string): boolean {
  return isJsonObject(capability) && capability[name] === true;
}

/** Never within a character. */
function cut(text: string): string {
  if (text.length <= longestInstructions) return text;
  const last = text.charCodeAt(longestInstructions - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? longestInstructions - 1 : longestInstructions);
}
