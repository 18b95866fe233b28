import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { createApprovalViewer, type ViewApproval } from '../approvals/approval-viewer.js';
import type { Trail } from '../audit/trail.js';
import { Broker } from '../credentials/broker.js';
import { LiveTokens } from '../identity/live-tokens.js';
import type { SessionDesk } from '../identity/session-desk.js';
import { Redactor } from '../inspection/redactor.js';
import { ConcurrencyLimits } from '../limits/concurrency-limits.js';
import type { Layer } from '../model/api-layer.js';
import { ArgumentCheck } from '../pipeline/argument-check.js';
import type { House, Snapshot } from '../pipeline/house.js';
import { TaskHandles } from '../pipeline/task-handles.js';
import { EvaluatorPanel } from '../policy/evaluator-panel.js';
import { Histories } from '../policy/histories.js';
import type { Policy } from '../policy/policy.js';
import { openStore, type Store } from '../store/open-store.js';
import type { CatalogueTerms } from '../upstreams/catalogue.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import type { Upstreams, UpstreamsDeps } from '../upstreams/upstreams.js';
import { builtInSources } from './builtins.js';
import { catalogueTermsOf } from './catalogue-terms.js';
import { ChannelHost } from './channel-host.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { type ApprovalParts, createApprovals } from './create-approvals.js';
import { type ChannelDeps, type CreatedChannel, createChannels } from './create-channels.js';
import { createEvaluators } from './create-evaluators.js';
import { createGuards, type Guards } from './create-guards.js';
import { createPins } from './create-pins.js';
import { createSessions } from './create-sessions.js';
import { contentPolicyOf, createTrail } from './create-trail.js';
import { createUpstreams } from './create-upstreams.js';
import { Doubts } from './doubts.js';
import type { GatewayOptions } from './gateway-options.js';
import { withLayer } from './layer/with-layer.js';
import { ownTools } from './own-tools.js';
import { createSnapshot, policyOf, type SnapshotParts } from './snapshot.js';
import { upstreamSpecsOf } from './upstream-specs.js';

/** What changes as a whole with the configuration, of the file or over REST. */
export interface Revision {
  /** What the file says alone. */
  readonly file: EffectiveConfig;
  readonly layer: Layer;
  /** Both together. */
  readonly config: EffectiveConfig;
  readonly specs: readonly UpstreamSpec[];
  /** How what the upstreams offer is laid out. */
  readonly terms: CatalogueTerms;
  readonly policy: Policy;
  /** The policy and the evaluators beside it. */
  readonly panel: EvaluatorPanel;
  /** Reads the secrets of this configuration and its environment. */
  readonly broker: Broker;
  /** Where people are asked. */
  readonly channels: readonly CreatedChannel[];
  readonly snapshot: Snapshot;
}

/** The collaborators of one gateway, put together. */
export interface Parts {
  readonly options: GatewayOptions;
  readonly store: Store;
  readonly trail: Trail;
  readonly upstreams: Upstreams;
  readonly house: House;
  readonly approvals: ApprovalDesk;
  readonly guards: Guards;
  /** Makes what a person is shown of a hold, on whatever surface. */
  readonly viewApproval: ViewApproval;
  readonly sessions: SessionDesk;
  readonly channels: ChannelHost;
  readonly doubts: Doubts;
  readonly liveTokens: LiveTokens;
  /** The revision in force. */
  revision: Revision;
  /** Throws ConfigError for what cannot work. */
  makeRevision(file: EffectiveConfig, layer: Layer): Promise<Revision>;
}

/** Opens the store and puts everything together. Starts no upstream and no listener. */
export async function assemble(
  options: GatewayOptions,
  hears: Pick<UpstreamsDeps, 'onEvent' | 'onNews'>,
): Promise<Parts> {
  const { config, clock, log } = options;
  const redactor = new Redactor();
  const redact = (text: string) => redactor.redact(text);
  const onCredentialFault = (id: string, reason: string) => parts.upstreams.credentialFailed(id, reason);
  const answerOver: ChannelDeps['answer'] = (channel, answer) => parts.channels.answer(channel, answer);
  const [doubts, histories] = [new Doubts(), new Histories()];
  const neighbours = { redactor, doubts, histories, onCredentialFault, answerOver };
  const makeRevision = revisionMaker(options, neighbours);
  const fromFile = await makeRevision(config, { changes: 0, versions: [] });
  const concurrency = new ConcurrencyLimits();
  const where = { directory: config.dataDir, durability: config.audit.durability };
  const store = await openStore({ ...where, clock, log, callsUnderWay: () => concurrency.inProgress });
  const revision = await withStored(fromFile, store, makeRevision);
  const inForce = () => parts.revision;
  const trail = createTrail(store, { clock, log, content: () => contentPolicyOf(inForce().config), redact });
  const desk = { store, trail, clock, log, config: () => inForce().config, broker: () => inForce().broker };
  const judge = createPins({ ...desk, note: (type, members) => trail.note(type, members) });
  const own = ownTools(desk.config, () => house);
  const upstreams = createUpstreams({ ...hears, ...desk, config, redact, judge, own });
  const asking = askingParts({ ...desk, layer: () => inForce().layer });
  const [sessions, liveTokens] = [createSessions(desk), new LiveTokens()];
  const guards = createGuards({ ...desk, liveTokens, sessions }, revision.config);
  const house: House = {
    snapshot: () => inForce().snapshot,
    concurrency,
    ...guards,
    sessions,
    admissionOf: ({ credential }) => parts.liveTokens.find(credential),
    approvals: asking.approvals,
    upstreams,
    tasks: new TaskHandles(store.secretFile('task-key', 32)),
    argumentCheck: new ArgumentCheck((id) => isOpen(inForce().specs, id)),
    redactor,
    trail,
    clock,
    log,
  };
  const parts: Parts = {
    options,
    store,
    trail,
    upstreams,
    house,
    ...asking,
    guards,
    sessions,
    doubts,
    liveTokens,
    revision,
    makeRevision,
  };
  return parts;
}

/** Where calls wait for people, what these are shown, and where. */
function askingParts(parts: ApprovalParts): Pick<Parts, 'approvals' | 'viewApproval' | 'channels'> {
  const approvals = createApprovals(parts);
  const viewApproval = createApprovalViewer(parts.store);
  const channels = new ChannelHost({ ...parts, desk: approvals, view: viewApproval });
  return { approvals, viewApproval, channels };
}

interface Neighbours extends Pick<SnapshotParts, 'doubts' | 'histories' | 'onCredentialFault'> {
  readonly redactor: Redactor;
  readonly answerOver: ChannelDeps['answer'];
}

function revisionMaker(
  { clock, prompt = 'configured' }: GatewayOptions,
  { redactor, answerOver, ...rest }: Neighbours,
): Parts['makeRevision'] {
  return async (file, layer) => {
    const config = withLayer(file, layer);
    const broker = new Broker({ sources: builtInSources(config), clock });
    broker.onValue((secret) => redactor.learn(secret));
    const specs = upstreamSpecsOf(config);
    const policy = policyOf(config);
    const panel = new EvaluatorPanel(policy, await createEvaluators(config, { broker, clock }), clock);
    const channels = await createChannels(config, { broker, clock, prompt, answer: answerOver });
    const snapshot = createSnapshot({ config, policy, panel, specs, broker, ...rest });
    const terms = catalogueTermsOf(config);
    return { file, layer, config, specs, terms, policy, panel, broker, channels, snapshot };
  };
}

/** The revision with what was made over REST before; a store with what cannot work is closed again. */
async function withStored(
  fromFile: Revision,
  store: Store,
  makeRevision: Parts['makeRevision'],
): Promise<Revision> {
  try {
    const layer = store.layer.current();
    return layer.versions.length === 0 ? { ...fromFile, layer } : await makeRevision(fromFile.file, layer);
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

function isOpen(specs: readonly UpstreamSpec[], id: string): boolean {
  return specs.some((spec) => spec.id === id && spec.openArguments === true);
}
