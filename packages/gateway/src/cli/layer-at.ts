import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { createStoredLayer } from '../app/layer/stored-layer.js';
import { userName } from '../app/local-operator.js';
import { isoTime, systemClock } from '../lib/clock.js';
import type { LayerSource, LayerVersion } from '../model/api-layer.js';
import { LayerFault } from '../model/layer-fault.js';
import type { CommonOptions, JsonOption } from './common-options.js';
import { layerAtGateway } from './layer-at-gateway.js';
import { type StoreOptions, withLocalStore } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';
import type { CliEdit, LayerAt, ShownVersion } from './shown-version.js';
import { pinnedOffer } from './tool-source.js';

export interface LayerOptions extends CommonOptions, JsonOption {
  readonly gateway?: string;
  readonly keyFile?: string;
  readonly note?: string;
  /** A revision: only that is changed. */
  readonly ifRevision?: string;
}

const tenant = 'default';

/** Opens what the options mean for as long as `use` takes. */
export async function withLayerAt<Result>(
  { gateway, keyFile, ...options }: LayerOptions & Pick<StoreOptions, 'mayCreate'>,
  use: (layer: LayerAt) => Promise<Result>,
): Promise<Result> {
  if (gateway !== undefined) {
    const key = await readGatewayKey(keyFile, 'an operator');
    return use(layerAtGateway(gateway.replace(/\/+$/, ''), key));
  }
  return withLocalStore(options, ({ store, config, log }) => {
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    const offer = (whole: typeof config) => pinnedOffer(whole, store.pins);
    return use(atStore(createStoredLayer({ store, trail, config, offer })));
  });
}

export function editIn({ note, ifRevision }: LayerOptions): CliEdit {
  return { note, revision: ifRevision };
}

/** Whoever may write the store of a gateway may make its policies; the record says who they are on this machine. */
function atStore(layer: LayerSource): LayerAt {
  const edit = ({ note, revision }: CliEdit) => ({
    by: `cli:${userName()}`,
    tenant,
    note,
    only: revision === undefined ? undefined : [revision],
  });
  return {
    list: async (kind) => layer.list(kind, tenant).map(shown),
    async history(name) {
      const versions = layer.history({ ...name, tenant });
      if (versions.length > 0) return versions.map(shown);
      throw new LayerFault('unknown', `There was never a ${name.kind} "${name.name}".`);
    },
    put: async (name, content, more) => shown(await layer.put(name, content, edit(more))),
    remove: async (name, more) => void (await layer.remove(name, edit(more))),
    rollBack: async (name, version, more) => shown(await layer.rollBack(name, version, edit(more))),
  };
}

function shown({ name, version, revision, at, by, note, content }: LayerVersion): ShownVersion {
  return {
    name,
    version,
    revision,
    at: isoTime(at),
    by,
    ...(note !== undefined && { note }),
    ...(content !== undefined && { content }),
  };
}
