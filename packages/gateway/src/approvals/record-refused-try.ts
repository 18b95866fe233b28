/// <reference lib="es2024.string" />
import type { Hold } from '../model/hold.js';
import type { DeskDeps } from './desk-deps.js';
import { holdMembers } from './hold-members.js';

export interface RefusedTry {
  /** Somebody whom only a channel knows. */
  readonly by: string;
  readonly channel: string;
  readonly message: string;
}

/** Puts into the trail that somebody tried to answer a hold of whom no principal is known. */
export function recordRefusedTry(
  record: DeskDeps['record'],
  hold: Hold,
  { by, channel, message }: RefusedTry,
): Promise<void> {
  const members = { by: by.toWellFormed(), via: channel, detail: message };
  return record('hold.answer_refused', { ...holdMembers(hold), ...members });
}
