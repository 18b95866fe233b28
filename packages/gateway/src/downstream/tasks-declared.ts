import { isJsonObject } from '../lib/json/parse-json.js';
import { tasksExtension } from '../model/task.js';
import { capabilitiesKey } from './era.js';
import type { RequestMessage } from './message.js';

/** Whether a modern request says that its client knows tasks. */
export function declaresTasks({ params: { _meta } }: Pick<RequestMessage, 'params'>): boolean {
  const declared = isJsonObject(_meta) ? _meta[capabilitiesKey] : undefined;
  const extensions = isJsonObject(declared) ? declared.extensions : undefined;
  return isJsonObject(extensions) && Object.hasOwn(extensions, tasksExtension);
}
