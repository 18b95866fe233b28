import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type ControlOptions, createControlFace } from '../control/control-face.js';
import type { Identification, PresentedCredential } from '../control/rest/admit.js';
import type { Broker } from '../credentials/broker.js';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Clock } from '../lib/clock.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../model/principal.js';
import type { Store } from '../store/open-store.js';
import { adminTokenCheck } from './admin-token.js';
import { budgetsOf } from './config/budgets.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { controlSources, type SourceParts } from './control-sources.js';
import { type CallerSources, currentCaller } from './current-caller.js';
import type { LayerSources } from './layer/layer-sources.js';
import { type ProxyFaceParts, proxyFace } from './proxy-face.js';
import type { CountingRecorder } from './recorder.js';
import { signInParts } from './sign-ins.js';
import { version } from './version.js';

const consoleDirectory = fileURLToPath(new URL('../console/', import.meta.url));
const docsDirectory = fileURLToPath(new URL('../api-docs/', import.meta.url));
const refreshMs = 1000;

export interface OperatorFaceParts
  extends ProxyFaceParts,
    Pick<
      ControlOptions,
      | 'resource'
      | 'firstKey'
      | 'readiness'
      | 'approvals'
      | 'standing'
      | 'viewApproval'
      | 'receiveCallback'
      | 'carryOut'
      | 'editCall'
      | 'log'
    >,
    SourceParts {
  /** What calls and payments are counted by. */
  readonly limits: Limits;
  readonly layerSources: LayerSources;
  readonly config: () => EffectiveConfig;
  readonly broker: () => Pick<Broker, 'resolve'>;
  /** Throws AuthenticationFailure to refuse. */
  readonly identify: (presented: PresentedCredential) => Principal | Promise<Principal>;
  /** See SignInDesk. */
  readonly tokenMark: (credential: string) => string | undefined;
  readonly recorder: CountingRecorder;
  readonly store: Store;
  readonly liveTokens: CallerSources['liveTokens'];
  readonly clock: Clock;
  /** Where this face listens. */
  readonly address: () => string;
}

/** The control face over a gateway's parts. */
export function createOperatorFace(
  parts: OperatorFaceParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { readiness, layerSources, approvals, kills, viewApproval, log, store } = parts;
  const { standing, receiveCallback, carryOut, editCall } = parts;
  return createControlFace({
    ...controlSources(parts),
    identify: (presented) => identifyOperator(presented, parts),
    ...layerSources,
    resource: parts.resource,
    firstKey: parts.firstKey,
    readiness,
    approvals,
    standing,
    kills,
    limits: parts.limits,
    ledger: store.ledger,
    budgets: () => budgetsOf(parts.config()),
    viewApproval,
    ...proxyFace(parts),
    ...signInParts({ ...parts, callerNow: currentCaller(parts) }),
    receiveCallback,
    callbackRefused: (refused) => parts.recorder.authFailed(refused),
    carryOut,
    editCall,
    checkAdminToken: adminTokenCheck(parts),
    undelivered: (tenant, limit) => store.notices.listFailed(tenant, limit),
    records: store.records,
    attempts: store.attempts,
    attemptKey: store.secretFile('attempt-key', 32),
    refresh: () => refresh(parts),
    version,
    consoleDirectory,
    docsDirectory,
    log,
  });
}

/** A reader wants what was just written; a database that does not take it must not make the reader wait. */
function refresh({ store, clock }: OperatorFaceParts): Promise<void> {
  if (store.journal.lag().fault !== undefined) return Promise.resolve();
  const enough = new Promise<void>((resolve) => clock.after(refreshMs, resolve));
  return Promise.race([store.journal.drained(), enough]);
}

async function identifyOperator(
  presented: PresentedCredential,
  parts: OperatorFaceParts,
): Promise<Identification> {
  try {
    return { kind: 'known', principal: await parts.identify(presented) };
  } catch (cause) {
    if (!(cause instanceof AuthenticationFailure)) throw cause;
    const { reason, underlying, retryAfterSeconds, credential, detail = credential } = cause;
    const { source } = presented;
    parts.recorder.authFailed({
      source,
      reason,
      ...(underlying === undefined ? {} : { underlying }),
      ...(detail === undefined ? {} : { detail }),
    });
    if (reason === 'unavailable') return { kind: 'unavailable' };
    return { kind: 'refused', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
}
