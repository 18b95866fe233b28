import type { SettledTerms } from '../model/hold.js';

/** Whether a yes that was given on some terms is enough where others are wanted: they want nobody and nothing more. */
export function isEnough(given: SettledTerms, wanted: SettledTerms): boolean {
  const groups = new Set(given.approvers.map((one) => JSON.stringify(one)));
  return (
    given.quorum >= wanted.quorum &&
    (given.noteRequired || !wanted.noteRequired) &&
    (given.stepUp === true || wanted.stepUp !== true) &&
    wanted.approvers.every((one) => groups.has(JSON.stringify(one)))
  );
}
