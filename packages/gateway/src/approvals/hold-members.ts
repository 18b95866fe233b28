/// <reference lib="es2024.string" />
import type { Hold } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';

/** What every record about a hold says of it. */
export function holdMembers(hold: Hold): JsonObject {
  const caller = { cred: hold.credential.toWellFormed(), id: hold.caller.toWellFormed() };
  const tool = { name: hold.target.toWellFormed(), upstream: hold.upstream };
  return { bind: hold.bind, caller, hold: hold.id, tenant: hold.tenant, tool };
}
