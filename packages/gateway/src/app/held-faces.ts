import type { ServerInfo } from '../downstream/face-options.js';
import { HeldCalls } from '../downstream/held-calls.js';
import { pageAnswered } from '../downstream/held-page.js';
import { HeldStates } from '../downstream/held-states.js';
import { HeldTasks } from '../downstream/held-tasks.js';
import type { NotificationHub } from '../downstream/notification-hub.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { currentCaller } from './current-caller.js';
import type { FaceHost } from './face-host.js';
import { holdLink } from './hold-link.js';
import { callerInSession } from './session-entry.js';

const hourMs = 3_600_000;
const opensPage = ({ approvals }: EffectiveConfig): boolean =>
  approvals.openPage && approvals.publicUrl !== undefined;

/** How the clients of MCP wait for people. The keys are kept: a client that waits comes back to the next process. */
export function heldFaces(
  host: FaceHost,
  { hub, serverInfo }: { readonly hub: NotificationHub; readonly serverInfo: ServerInfo },
): { readonly held: HeldCalls; readonly heldTasks: HeldTasks } {
  const { store, options, approvals, house, upstreams, liveTokens, sessions } = host.parts;
  const { clock } = options;
  const config = () => host.parts.revision.config;
  const callerNow = callerInSession(currentCaller({ store, clock, liveTokens, config }), sessions);
  const linkTo = (hold: string) => holdLink(config(), hold);
  const heldTasks = new HeldTasks({
    handles: house.tasks,
    approvals,
    carryOut: (hold, caller) => host.carryOut(hold, caller),
    locate: (endpoint, name) => upstreams.locate(endpoint, 'tool', name),
    clock,
    serverInfo,
    keptMs: () => config().approvals.keepResultHours * hourMs,
    linkTo,
  });
  approvals.hear((hold) => {
    try {
      for (const news of heldTasks.newsOf(hold)) hub.heard(news);
      const answered = opensPage(config()) ? pageAnswered(hold) : undefined;
      if (answered !== undefined) hub.heard(answered);
    } catch (cause) {
      options.log.warn({ err: cause, hold: hold.id }, 'clients cannot be told how a held call stands');
    }
  });
  const held = new HeldCalls({
    approvals,
    clock,
    log: options.log,
    serverInfo,
    states: new HeldStates(store.secretFile('held-call-key', 32)),
    asTask: (suspended, call) => heldTasks.begin(suspended, call),
    callerNow: (principal) => callerNow(principal, principal.session?.id),
    settings() {
      const { patienceSeconds, heldIsError, openPage } = config().approvals;
      const names = Object.entries(patienceSeconds);
      return {
        heldIsError,
        linkTo,
        opensPage: openPage,
        patienceMs: Object.fromEntries(names.map(([name, seconds]) => [name, seconds * 1000])),
      };
    },
  });
  return { held, heldTasks };
}
