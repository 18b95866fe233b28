import type { Revision } from '../model/call.js';
import { modernRevision } from '../model/revisions.js';
import { tasksExtension } from '../model/task.js';
import type { FaceOptions } from './face-options.js';

const legacyTasks = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/**
 * Everything that the gateway routes, whatever its upstreams turn out to offer: some clients wait for the answer less than
 * a second, and an upstream may come up or change at any time.
 */
export function capabilitiesOf(
  revision: Revision,
  options: Pick<FaceOptions, 'extensions' | 'tasks'>,
): object {
  const tasks = revision === modernRevision && options.tasks !== undefined ? { [tasksExtension]: {} } : {};
  const extensions = { ...options.extensions?.(), ...tasks };
  return {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    logging: {},
    ...(revision === '2024-11-05' ? {} : { completions: {} }),
    ...(revision === '2025-11-25' && options.tasks !== undefined ? { tasks: legacyTasks } : {}),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}
