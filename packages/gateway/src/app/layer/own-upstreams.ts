import type { Target } from '../../model/target.js';
import type { Upstreams } from '../../upstreams/upstreams.js';
import type { EffectiveConfig } from '../config/effective-config.js';

/** What can be looked up in upstreams without calling anything. */
export type KnownUpstreams = Pick<
  Upstreams,
  'locate' | 'tools' | 'prompts' | 'resources' | 'templates' | 'known' | 'status'
>;

/** Whether an upstream is there for a tenant: of the file for all, of what was made over REST for whose it is. */
export function isOwn({ fromApi }: EffectiveConfig, tenant: string, id: string): boolean {
  const { upstreams = {} } = fromApi ?? {};
  return !Object.hasOwn(upstreams, id) || upstreams[id] === tenant;
}

/** Whether an upstream is there at all, and for this tenant. Whose a removed one was is not known any more. */
export function isThere(config: EffectiveConfig, tenant: string, id: string): boolean {
  return Object.hasOwn(config.upstreams, id) && isOwn(config, tenant, id);
}

/** The upstreams as a tenant knows them. */
export function ownUpstreams(upstreams: Upstreams, config: EffectiveConfig, tenant: string): KnownUpstreams {
  const isMine = ({ upstream }: Pick<Target, 'upstream'>) => isOwn(config, tenant, upstream);
  return {
    locate(endpoint, kind, name) {
      const target = upstreams.locate(endpoint, kind, name);
      return target !== undefined && isMine(target) ? target : undefined;
    },
    tools: (endpoint) => upstreams.tools(endpoint).filter(isMine),
    prompts: (endpoint) => upstreams.prompts(endpoint).filter(isMine),
    resources: (endpoint) => upstreams.resources(endpoint).filter(isMine),
    templates: (endpoint) => upstreams.templates(endpoint).filter(isMine),
    known() {
      const { tools, prompts, resources, templates, ...rest } = upstreams.known();
      return {
        ...rest,
        tools: tools.filter(isMine),
        prompts: prompts.filter(isMine),
        resources: resources.filter(isMine),
        templates: templates.filter(isMine),
      };
    },
    status: () => upstreams.status().filter(({ id }) => isOwn(config, tenant, id)),
  };
}
