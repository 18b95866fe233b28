import { isoTime } from '../lib/clock.js';
import type { JsonObject } from '../model/json.js';
import type { Pin, PinDecision } from '../store/pin.js';
import { stateOfPin } from '../upstreams/pins/standing.js';
import { localTime } from './format-record.js';
import { visibleText } from './visible-text.js';

/** What each cell of `pinCells` is. */
export const pinHeadings = ['UPSTREAM', 'KIND', 'NAME', 'STATE', 'DIGEST', 'DECIDED', 'BY', 'SEEN'] as const;

/** One pin for people. */
export function pinCells(pin: Pin): string[] {
  const decision = pin.rejected ?? pin.accepted;
  return [
    pin.upstream,
    pin.kind,
    pin.name,
    stateOfPin(pin),
    shortDigest(pin.offered),
    decision === undefined ? '-' : localTime(decision.at).slice(0, 16),
    decision === undefined ? '-' : decision.by,
    localTime(pin.lastSeen).slice(0, 16),
  ].map(visibleText);
}

/** One pin for programs. */
export function pinJson(pin: Pin): JsonObject {
  const { upstream, kind, name, offered, accepted, rejected, present, firstSeen, lastSeen } = pin;
  return {
    upstream,
    kind,
    name,
    state: stateOfPin(pin),
    offered,
    ...(accepted === undefined ? {} : { accepted: decisionJson(accepted) }),
    ...(rejected === undefined ? {} : { rejected: decisionJson(rejected) }),
    present,
    firstSeen: isoTime(firstSeen),
    lastSeen: isoTime(lastSeen),
  };
}

/** As much of a digest as tells it from others by chance; commands take more, as a server can make two that begin alike. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}

function decisionJson({ digest, by, at }: PinDecision): JsonObject {
  return { digest, by, at: isoTime(at) };
}
