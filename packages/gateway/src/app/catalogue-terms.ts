import type { CatalogueTerms } from '../upstreams/catalogue.js';
import { compileToolset } from '../upstreams/toolset.js';
import type { EffectiveConfig } from './config/effective-config.js';

/** How a configuration wants everything laid out that its upstreams offer. */
export function catalogueTermsOf({ resources, toolsets, extensions }: EffectiveConfig): CatalogueTerms {
  return {
    collisions: resources.collisions,
    toolsets: Object.entries(toolsets).map(([name, toolset]) => compileToolset({ name, ...toolset })),
    methods: new Map(
      extensions.relay.flatMap(({ methods, upstream }) =>
        upstream === undefined ? [] : methods.map((method) => [method, upstream] as const),
      ),
    ),
  };
}
