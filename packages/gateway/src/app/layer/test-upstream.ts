import type { z } from 'zod';
import type { upstreamTestSchema } from '#contract';
import type { JsonObject } from '../../model/json.js';
import { LayerFault } from '../../model/layer-fault.js';
import type { Upstreams } from '../../upstreams/upstreams.js';
import type { Parts } from '../assemble.js';
import { ConfigError } from '../config/config-error.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { createUpstreams } from '../create-upstreams.js';
import { upstreamSpecsOf } from '../upstream-specs.js';
import { isOwn } from './own-upstreams.js';
import { readUpstream } from './read-upstream.js';

type Tested = z.input<typeof upstreamTestSchema>;

export interface WantedTest {
  readonly id: string;
  readonly tenant: string;
  /** Absent: those in force. */
  readonly settings?: JsonObject | undefined;
}

/**
 * Reaches a server once and says what it answers and offers; keeps nothing and calls no tool. Undefined where there are
 * no settings. Throws LayerFault for settings that cannot work, and for what would have to be started.
 */
export async function testUpstream(parts: Parts, wanted: WantedTest): Promise<Tested | undefined> {
  const config = configFor(parts.revision.config, wanted);
  if (config === undefined) return undefined;
  const { clock, log } = parts.options;
  const { redactor } = parts.house;
  const upstreams = createUpstreams({
    config,
    broker: () => parts.revision.broker,
    redact: (text) => redactor.redact(text),
    clock,
    log,
    onEvent: () => {},
  });
  try {
    await upstreams.apply(upstreamSpecsOf(config));
    await upstreams.settled();
    return resultOf(upstreams);
  } finally {
    await upstreams.close();
  }
}

/** The configuration with this upstream alone. */
function configFor(
  config: EffectiveConfig,
  { id, tenant, settings }: WantedTest,
): EffectiveConfig | undefined {
  if (settings !== undefined) {
    const read = { ...readSettings(id, settings, config), enabled: true };
    return { ...config, upstreams: { [id]: read }, fromApi: { rules: {}, upstreams: { [id]: tenant } } };
  }
  const found = isOwn(config, tenant, id) ? config.upstreams[id] : undefined;
  if (found === undefined) return undefined;
  if ('url' in found) return { ...config, upstreams: { [id]: { ...found, enabled: true } } };
  throw new LayerFault(
    'read_only',
    `The upstream "${id}" is a program, which nothing over REST starts; \`sallyport upstreams test\` does.`,
  );
}

function readSettings(id: string, settings: JsonObject, config: EffectiveConfig) {
  try {
    return readUpstream(id, settings, config);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new LayerFault('invalid', 'The upstream cannot work.', cause.problems);
  }
}

function resultOf(upstreams: Upstreams): Tested {
  const [status] = upstreams.status();
  const { tools, prompts, resources } = upstreams.known();
  const { state = 'down', transport = 'http', revision, era, reason } = status ?? {};
  return {
    state,
    transport,
    ...(revision !== undefined && { revision }),
    ...(era !== undefined && { era }),
    ...(reason !== undefined && { reason }),
    tools: tools.map(({ name }) => name),
    prompts: prompts.map(({ name }) => name),
    resources: resources.map(({ name }) => name),
  };
}
