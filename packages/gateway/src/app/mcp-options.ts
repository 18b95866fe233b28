import type { ClientEvent, FaceOptions, Unfollowed } from '../downstream/face-options.js';
import { ListenStreams } from '../downstream/listen-streams.js';
import type { TaskNews } from '../downstream/listen-tasks.js';
import { NotificationHub } from '../downstream/notification-hub.js';
import { ParkedCalls } from '../downstream/parked-calls.js';
import type { Call } from '../model/call.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import { createGovernCall } from '../pipeline/govern-call.js';
import { createGovernListing, isVisible } from '../pipeline/govern-listing.js';
import { createRequestApproval, type RequestApproval } from '../pipeline/request-approval.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import type { FaceHost } from './face-host.js';
import { heldFaces } from './held-faces.js';
import { announcedExtensions, instructionsAt, relayedMethods } from './mcp-words.js';
import { automaticSessions } from './session-entry.js';
import { version } from './version.js';

/** What the MCP faces of one gateway share. */
export interface McpShared {
  readonly options: FaceOptions;
  readonly hub: NotificationHub;
  readonly parked: ParkedCalls;
  /** For the face of operators and programs. */
  readonly requestApproval: RequestApproval;
}

const serverInfo = { name: 'sallyport', version };

/** Puts together what every MCP face of a gateway works with, whatever its transport. */
export function createMcpShared(host: FaceHost): McpShared {
  const { house, upstreams, options } = host.parts;
  const { clock, log } = options;
  const govern = governWhenReady(host);
  const unsubscribe = (event: Unfollowed) => upstreams.unsubscribe(event);
  const isStopped = (principal: Principal) => house.kills.stoppingCaller(principal) !== undefined;
  const isVisibleNow = (target: Target, principal: Principal) =>
    !isStopped(principal) && isVisible(house.snapshot(), { target, principal, at: clock.now() });
  const hub = new NotificationHub({
    clock,
    log,
    catalogue: upstreams,
    isVisible: isVisibleNow,
    redact: (text) => house.redactor.redact(text),
    taskIdOf: ({ principal, endpoint }, { upstream, id, era }) =>
      house.tasks.shownIdOf({ principal, endpoint, era }, upstream, id),
    exposedUri: (endpoint, upstream, uri) => upstreams.exposedUri(endpoint, upstream, uri),
  });
  const answerMs = host.parts.revision.config.limits.questionSeconds * 1000;
  const parked = new ParkedCalls({ govern: govern.call, clock, isStopped, serverInfo, limits: { answerMs } });
  return {
    hub,
    parked,
    requestApproval: govern.asking,
    options: {
      govern: govern.call,
      governListing: govern.listing,
      locate: (endpoint, name) => toolAt(host, endpoint, name),
      isVisible: isVisibleNow,
      serverInfo,
      clock,
      log,
      recorder: host.recorder,
      hub,
      parked,
      ...heldFaces(host, { hub, serverInfo }),
      tasks: house.tasks,
      questions: { answerMs },
      listens: new ListenStreams({
        hub,
        govern: govern.call,
        unsubscribe,
        tasks: taskNews(host),
        clock,
        serverInfo,
      }),
      unsubscribe,
      rewriteUris: (origin, text) => upstreams.rewriteUris(origin, text),
      revision: () => upstreams.revision,
      pageSize: () => host.parts.revision.config.lists.pageSize,
      ...clientEvents(upstreams, unsubscribe),
      ...words(host),
    },
  };
}

function toolAt({ parts }: FaceHost, endpoint: string | undefined, name: string): Tool | undefined {
  const tool = parts.upstreams.locate(endpoint, 'tool', name);
  return tool?.kind === 'tool' ? tool : undefined;
}

/** What is asked while the gateway starts waits until there is something to decide on. */
function governWhenReady(host: FaceHost): {
  call: FaceOptions['govern'];
  listing: FaceOptions['governListing'];
  asking: RequestApproval;
} {
  const { inFlight, parts } = host;
  const governCall = createGovernCall(parts.house);
  const governListing = createGovernListing(parts.house);
  const requestApproval = createRequestApproval(parts.house);
  const withSession = automaticSessions({
    sessions: parts.sessions,
    config: () => parts.revision.config,
    log: parts.options.log,
  });
  const governFor = (call: Call, govern: (call: Call) => Promise<Outcome>): Promise<Outcome> => {
    const principal = withSession(call.principal, call.arrival);
    if (principal === call.principal) return govern(call);
    if (!(principal instanceof Promise)) return govern({ ...call, principal });
    return principal.then((caller) => govern({ ...call, principal: caller }));
  };
  const enter = (call: Call, govern: (call: Call) => Promise<Outcome>): Promise<Outcome> => {
    const wait = host.whenReady(call);
    const run = () => governFor(call, govern);
    return inFlight.track(wait === undefined ? run() : wait.then(run));
  };
  return {
    call: (call) => enter(call, governCall),
    asking: (call, wish) => enter(call, (ready) => requestApproval(ready, wish)),
    listing: (listing) => {
      const wait = host.whenReady() ?? Promise.resolve();
      const govern = async () => {
        const principal = await withSession(listing.principal, listing.arrival);
        return governListing({ ...listing, principal });
      };
      return inFlight.track(wait.then(govern));
    },
  };
}

/** How streams of modern clients follow tasks. */
function taskNews({ parts: { house, upstreams } }: FaceHost): TaskNews {
  return {
    open: (id, presenter) => house.tasks.open(id, presenter),
    // Of its own tasks the gateway always tells.
    follow: (task, asker) =>
      task.isHeld === true ? Promise.resolve(() => undefined) : upstreams.followTask(task, asker),
  };
}

/** What the configuration in force says to clients. */
function words({ parts }: FaceHost): Pick<FaceOptions, 'instructions' | 'extensions' | 'relays'> {
  const config = () => parts.revision.config;
  const wordsOf = (id: string) => {
    const text = parts.upstreams.facts(id)?.instructions;
    return text === undefined ? undefined : parts.house.redactor.redact(text);
  };
  const offerOf = (id: string) => parts.upstreams.facts(id)?.capabilities ?? {};
  return {
    instructions: (endpoint) => instructionsAt(endpoint, config(), wordsOf),
    extensions: rememberedWhile(
      () => [parts.revision, parts.upstreams.revision],
      () => announcedExtensions(config(), Object.keys(config().upstreams).map(offerOf)),
    ),
    relays: (method) => relayedMethods(config()).has(method),
  };
}

/** Computes a value again only when one of what it depends on is another; many calls ask for it. */
function rememberedWhile<Value>(dependencies: () => readonly unknown[], compute: () => Value): () => Value {
  let known: { readonly value: Value; readonly of: readonly unknown[] } | undefined;
  return () => {
    const of = dependencies();
    if (known === undefined || of.some((one, at) => one !== known?.of[at])) known = { value: compute(), of };
    return known.value;
  };
}

/** Upstreams forget what they keep for one client when it is gone. */
function clientEvents(
  upstreams: Upstreams,
  unsubscribe: (event: Unfollowed) => void,
): Pick<FaceOptions, 'sessionEnded' | 'rootsChanged'> {
  return {
    sessionEnded({ followed, ...event }) {
      for (const uri of followed) unsubscribe({ ...event, uri });
      const session = sessionOf(event);
      if (session !== undefined) upstreams.clientEnded(session);
    },
    rootsChanged(event) {
      const session = sessionOf(event);
      if (session !== undefined) upstreams.rootsChanged(session);
    },
  };
}

function sessionOf({ principal, session }: ClientEvent) {
  return session === undefined ? undefined : { tenant: principal.tenant, principal: principal.id, session };
}
