import type { EditCall } from '../control/approval-answer-routes.js';
import type { Readiness } from '../control/gateway-routes.js';
import type { PresentedCredential } from '../control/rest/admit.js';
import type { LayerSource } from '../model/api-layer.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import type { Parts } from './assemble.js';
import type { FirstKey } from './first-key.js';
import type { InFlight } from './in-flight.js';
import type { CountingRecorder } from './recorder.js';

/** What the faces ask of the gateway they belong to. */
export interface FaceHost {
  readonly parts: Parts;
  readonly inFlight: InFlight;
  readonly recorder: CountingRecorder;
  /** What a call, or without one a list, must wait for; undefined when it need not wait. */
  whenReady(call?: Call): Promise<void> | undefined;
  /** False while draining. */
  accepting(): boolean;
  /** Throws AuthenticationFailure to refuse. */
  identify(presented: PresentedCredential): Principal | Promise<Principal>;
  /** A mark of the value of a configured token, as it is now. */
  tokenMark(credential: string): string | undefined;
  readiness(): Readiness;
  /** Where policies and upstreams are made while the gateway runs. */
  layer(): LayerSource;
  readonly firstKey: FirstKey;
  /** Makes the call of an approved hold; see HeldExecutor. */
  carryOut(hold: Hold, asking?: Principal): Promise<Outcome | undefined>;
  /** Takes a yes to other arguments; see createEditedCalls. */
  readonly editCall: EditCall;
}
