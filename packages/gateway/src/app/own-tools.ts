import { createLimitsTool, type LimitsToolHouse } from '../pipeline/limits-tool.js';
import type { OwnTool } from '../upstreams/own-tools.js';
import type { EffectiveConfig } from './config/effective-config.js';

/** The tools that the gateway offers of its own, as the configuration in force wants them. */
export function ownTools(
  config: () => EffectiveConfig,
  house: () => LimitsToolHouse,
): () => readonly OwnTool[] {
  const limits = createLimitsTool(house);
  return () => (config().limits.tool ? [limits] : []);
}
