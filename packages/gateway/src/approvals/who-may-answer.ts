import type { Hold } from '../model/hold.js';
import { type Principal, permits } from '../model/principal.js';

/**
 * Why somebody may not answer a hold, in a sentence; undefined where they may. Looked at when they answer, not before:
 * roles and groups count as they are now. The one who asked never may, with whatever credential, nor the person to whom
 * the asking credential belongs.
 */
export function whyNotAnswer(person: Principal, hold: Hold): string | undefined {
  if (person.tenant !== hold.tenant) return 'There is no such hold.';
  if (!person.roles.includes('approver') && !person.roles.includes('admin')) {
    return 'Answering a hold needs the role "approver".';
  }
  if (!permits(person, 'approvals:decide')) {
    return 'The credential is narrowed to other things than answering holds.';
  }
  if (person.id === hold.caller || person.credential === hold.credential) {
    return 'Nobody can approve their own call.';
  }
  // How a client over stdio is called is no more than a word, and may be the user's.
  const local = hold.credential === 'local' ? undefined : localNameOf(person);
  const names = [person.id, person.labels.owner, local];
  if ((hold.owner !== undefined && names.includes(hold.owner)) || names.includes(hold.caller)) {
    return 'The owner of the credential that made the call cannot approve it.';
  }
  const missing = hold.terms.approvers.find((groups) => !groups.some((group) => belongsTo(person, group)));
  return missing === undefined ? undefined : `This call needs an approver of ${missing.join(' or ')}.`;
}

/** Whoever works at the machine of the gateway is known there by the name of their user. */
export function localNameOf({ id }: Principal): string | undefined {
  return id.startsWith('cli:') ? id.slice('cli:'.length) : undefined;
}

/** A group is the name of a person, a role, or one of the names in their label `groups` (separated by commas or spaces). */
function belongsTo({ id, labels, roles }: Principal, group: string): boolean {
  return (
    id === group ||
    roles.some((role) => role === group) ||
    (labels.groups ?? '').split(/[\s,]+/).includes(group)
  );
}
