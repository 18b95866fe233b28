import type { ConfigInput } from '#contract';

/** Gives a configuration file in TypeScript its types; what it returns is what it was given. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
