/// <reference lib="es2024.string" />
import type { Hold, Vote } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { HoldEvent } from './desk-deps.js';

/** What every record about a hold says of it. */
export function holdMembers(hold: Hold): JsonObject {
  const caller = { cred: hold.credential.toWellFormed(), id: hold.caller.toWellFormed() };
  const tool = { name: hold.target.toWellFormed(), upstream: hold.upstream };
  return { bind: hold.bind, caller, hold: hold.id, tenant: hold.tenant, tool };
}

/** What the record of an answer says besides. */
export function voteMembers(hold: Hold, { by, channel, note }: Vote): JsonObject {
  return {
    ...holdMembers(hold),
    by,
    via: channel,
    ...(note ? { note } : {}),
    ...(hold.usedBy === undefined ? {} : { edited: hold.usedBy }),
  };
}

export function voteEventOf({ state }: Hold): HoldEvent {
  if (state === 'pending') return 'hold.voted';
  return state === 'denied' ? 'hold.denied' : 'hold.approved';
}
