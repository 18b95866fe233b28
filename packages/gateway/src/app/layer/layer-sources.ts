import type { GatewaySource } from '../../control/gateway-routes.js';
import type { PolicySource } from '../../control/policy-read-routes.js';
import type { PolicyTrialSource } from '../../control/trial-routes.js';
import type { UpstreamSource } from '../../control/upstream-routes.js';
import type { LayerSource } from '../../model/api-layer.js';
import type { JsonObject } from '../../model/json.js';
import { revisionOf } from '../../policy/revision.js';
import type { Parts } from '../assemble.js';
import { maskConfig } from '../config/mask-config.js';
import { policySpecOf } from '../config/policy-spec.js';
import { isOwn } from './own-upstreams.js';
import { createPolicyTrials } from './policy-trials.js';
import { testUpstream } from './test-upstream.js';

export type LayerSources = PolicySource &
  PolicyTrialSource &
  UpstreamSource &
  Pick<GatewaySource, 'upstreams'>;

/** Longest wait for servers that were just made; they come up in their own time. */
const settleMs = 5_000;

/** What the control face works with of policies and upstreams. */
export function createLayerSources(parts: Parts, layer: LayerSource): LayerSources {
  return {
    layer,
    filePolicy: () => {
      const { file } = parts.revision;
      const rules = file.policy.rules.map((rule) => ({ ...rule }) as unknown as JsonObject);
      return { default: file.policy.default, rules, revision: revisionOf(policySpecOf(file)) };
    },
    trials: createPolicyTrials(parts),
    async upstreams(tenant) {
      const all = await parts.upstreams.details();
      return all
        .filter(({ id }) => isOwn(parts.revision.config, tenant, id))
        .map((details) => ({ ...details, source: sourceOf(parts, details.id) }));
    },
    async upstream(id, tenant) {
      const { config } = parts.revision;
      if (!Object.hasOwn(config.upstreams, id) || !isOwn(config, tenant, id)) return undefined;
      const settings = maskConfig(config).upstreams[id] as unknown as JsonObject;
      const details = (await parts.upstreams.details()).find((one) => one.id === id);
      const source = sourceOf(parts, id);
      return { source, settings, ...(details && { status: { ...details, source } }) };
    },
    upstreamsSettled: () => settled(parts),
    testUpstream: (id, tenant, settings) => testUpstream(parts, { id, tenant, settings }),
  };
}

function sourceOf({ revision }: Parts, id: string): 'file' | 'api' {
  return Object.hasOwn(revision.config.fromApi?.upstreams ?? {}, id) ? 'api' : 'file';
}

function settled({ upstreams, options }: Parts): Promise<void> {
  let cancel = () => {};
  const enough = new Promise<void>((resolve) => {
    cancel = options.clock.after(settleMs, resolve);
  });
  return Promise.race([upstreams.settled(), enough]).finally(cancel);
}
