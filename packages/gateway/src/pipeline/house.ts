import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { Trail } from '../audit/trail.js';
import type { SessionDesk } from '../identity/session-desk.js';
import type { Redactor } from '../inspection/redactor.js';
import type { Clock } from '../lib/clock.js';
import type { ConcurrencyCaps, ConcurrencyLimits } from '../limits/concurrency-limits.js';
import type { KillSwitches } from '../limits/kill-switches.js';
import type { Limits } from '../limits/limits.js';
import type { WaitingLine } from '../limits/waiting-line.js';
import type { Admission } from '../model/admission.js';
import type { Decide, Decision, Question } from '../model/decision.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { SessionScope } from '../model/session.js';
import type { Target } from '../model/target.js';
import type { AttachedCredential } from '../model/upstream.js';
import type { Histories } from '../policy/histories.js';
import type { FoundLimits } from '../policy/limits-on.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import type { ArgumentCheck } from './argument-check.js';
import type { TaskHandles } from './task-handles.js';

/** Everything of one configuration that a call looks at. Taken once per call, so a call sees one whole revision. */
export interface Snapshot {
  /** The one decision function: of every call, every list and every look at what a caller may see. */
  readonly decide: Decide;
  /** The rules once more for a decision that took time, as history went on; absent where no rule reads it. */
  readonly decideAgain?: (question: Question, decision: Decision) => Decision;
  /** Keeps what callers did; absent where no rule asks for it, and `learned` where none follows data. */
  readonly history?: Pick<Histories, 'began'> & Partial<Pick<Histories, 'learned'>>;
  readonly caps: ConcurrencyCaps;
  /** What the configuration's prices say that a call costs, in micro-units. */
  readonly priceOf: (target: Target, at: number) => bigint | undefined;
  /** The limits that rules bring for something that is no call. */
  readonly limitsOn: (question: Question) => FoundLimits;
  readonly sessions: SessionTerms;
  readonly timeoutMsOf: (upstream: string) => number;
  readonly attachCredential: (upstream: string) => Promise<AttachedCredential>;
  /** Changes with whatever says which server stands behind the id: an approval is for one server. */
  readonly upstreamDigestOf: (upstream: string) => string;
  /** For people who are asked: where it is, and which secrets it gets. */
  readonly aboutUpstream: (upstream: string) => AboutUpstream;
}

export interface AboutUpstream {
  /** An address without what could be secret in it, or the program that is started. */
  readonly address?: string | undefined;
  /** References of secrets, never values. */
  readonly credentialName?: string | undefined;
}

export interface SessionTerms {
  /** Whether calls without a session are refused. */
  readonly required: boolean;
  /** The scopes of which a session needs one for the target. */
  readonly scopesFor: (target: Target) => readonly SessionScope[];
}

/** What the pipeline works with. Only app/ builds one. */
export interface House {
  readonly snapshot: () => Snapshot;
  readonly concurrency: ConcurrencyLimits;
  readonly limits: Pick<Limits, 'admit' | 'left' | 'view' | 'room'>;
  readonly sessions: Pick<SessionDesk, 'isLive'>;
  /** What is known of a caller by their token alone. */
  readonly admissionOf: (principal: Principal) => Admission | undefined;
  /** Whether the credential of a caller, and its session, still count. */
  readonly isCurrent: (principal: Principal) => boolean;
  readonly line: WaitingLine;
  readonly kills: Pick<KillSwitches, 'stoppingCaller' | 'stoppingTarget' | 'hear'>;
  readonly approvals: Pick<
    ApprovalDesk,
    'ask' | 'claim' | 'giveBack' | 'isConfirmed' | 'find' | 'list' | 'resultOf'
  >;
  readonly upstreams: Pick<
    Upstreams,
    'locate' | 'tools' | 'prompts' | 'resources' | 'templates' | 'forward' | 'rewriteUris'
  >;
  readonly argumentCheck: ArgumentCheck;
  readonly tasks: TaskHandles;
  readonly redactor: Redactor;
  readonly trail: Trail;
  readonly clock: Clock;
  readonly log: Log;
}
