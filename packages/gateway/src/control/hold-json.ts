import { isoTime } from '../lib/clock.js';
import type { Hold } from '../model/hold.js';
import type { JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import { mayOversee } from './overseers.js';

/** A hold for whoever may look at all of them: what is asked, by whom, why, and who answered what. */
export function holdJson(hold: Hold) {
  const { caller, credential, owner, terms, votes, usedBy, rule, policyRevision, definitionDigest } = hold;
  const { waitMs, expiresMs, ...rest } = terms;
  return {
    ...ownHoldJson(hold),
    caller,
    credential,
    owner,
    definitionDigest,
    rule,
    policyRevision,
    terms: { ...rest, waitSeconds: waitMs / 1000, expiresSeconds: expiresMs / 1000 },
    votes: votes.map(({ by, person, verdict, channel, at, note }) => {
      return { by, person, verdict, channel, at: isoTime(at), note };
    }),
    usedBy,
  };
}

/** The same for the one who asked: nothing of who answers, and how. */
function ownHoldJson(hold: Hold) {
  const { id, state, bind, upstream, method, target, reason, cost, createdAt, until, decidedAt, confirmed } =
    hold;
  return {
    id,
    state,
    bind,
    upstream,
    method,
    target,
    arguments: argumentsOf(hold),
    reason,
    cost,
    confirmed,
    asked: hold.asked,
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(until),
    decidedAt: decidedAt === undefined ? undefined : isoTime(decidedAt),
  };
}

/** As much of a hold as somebody may see. */
export function shownTo(hold: Hold, principal: Principal) {
  return mayOversee(principal) ? holdJson(hold) : ownHoldJson(hold);
}

/** Text that is no JSON any more, for a secret was taken out of it, stays text. */
export function argumentsOf({ args }: Hold): JsonValue {
  try {
    return JSON.parse(args) as JsonValue;
  } catch {
    return args;
  }
}
