import type { EffectiveConfig } from '../app/config/effective-config.js';
import { withLayer } from '../app/layer/with-layer.js';
import { hasStore } from './local-store.js';
import { readStore } from './read-store.js';

/** The configuration with what was made beside it, as a gateway on its store has it. */
export async function withStoredLayer(config: EffectiveConfig): Promise<EffectiveConfig> {
  if (!hasStore(config)) return config;
  return readStore(config, async ({ layer }) => withLayer(config, layer.current()));
}
