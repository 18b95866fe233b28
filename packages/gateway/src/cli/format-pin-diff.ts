import pc from 'picocolors';
import { inertJson, inertText, suspects } from '../lib/inert-text.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Pin, PinDefinitions } from '../store/pin.js';
import { diffDefinitions, type MemberChange } from '../upstreams/pins/definition-diff.js';
import { stateOfPin } from '../upstreams/pins/standing.js';
import { pinJson } from './format-pin.js';
import { localTime } from './format-record.js';
import { visibleText } from './visible-text.js';

/** A pin with the texts of its definitions, read at one moment. */
export interface ReviewedPin {
  readonly pin: Pin;
  readonly definitions: PinDefinitions;
}

type Colors = ReturnType<typeof pc.createColors>;

/** What an upstream offers against what was accepted, for people: foreign text quoted and inert, nothing left out. */
export function pinDiffLines({ pin, definitions }: ReviewedPin): string[] {
  const colors = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  const changes = changesOf(definitions);
  const odd = oddCharacters(changes);
  return [
    colors.bold(visibleText(`${pin.upstream}:${pin.name} (${pin.kind}), ${standing(pin)}`)),
    ...changes.flatMap((change) => changeLines(change, colors)),
    ...(changes.length === 0 ? ['  no difference'] : []),
    ...(odd.length === 0
      ? []
      : [colors.yellow(`  hidden or look-alike characters, shown as escapes: ${odd.join(', ')}`)]),
    `  definition offered: ${definitions.offered.digest}`,
  ];
}

/** The same for programs, with both definitions whole. */
export function pinDiffJson({ pin, definitions }: ReviewedPin): JsonObject {
  const { accepted, offered } = definitions;
  const changes = changesOf(definitions);
  return {
    ...pinJson(pin),
    definitions: {
      ...(accepted === undefined ? {} : { accepted: readDefinition(accepted.text) }),
      offered: readDefinition(offered.text),
    },
    changes: changes.map(({ path, ...values }) => ({ path: [...path], ...values })),
    oddCharacters: oddCharacters(changes),
  };
}

function changesOf({ accepted, offered }: PinDefinitions): MemberChange[] {
  return diffDefinitions(
    accepted === undefined ? undefined : readDefinition(accepted.text),
    readDefinition(offered.text),
  );
}

function readDefinition(text: string): JsonValue {
  return parseJson(text).value;
}

function standing(pin: Pin): string {
  const { accepted, rejected } = pin;
  const state = stateOfPin(pin);
  if (state === 'waiting') return 'new: nobody has accepted it';
  if (state === 'rejected' && rejected !== undefined) return `rejected ${decided(rejected)}`;
  if (accepted === undefined) return state;
  return `${state}${state === 'accepted' ? '' : ', accepted'} ${decided(accepted)}`;
}

function decided({ at, by }: { readonly at: number; readonly by: string }): string {
  return `on ${localTime(at).slice(0, 16)} by ${by}`;
}

function changeLines({ path, before, after }: MemberChange, colors: Colors): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const same = sameEnds(old, now);
  const skipped = same.first + same.last;
  const cut = (lines: readonly string[]) => lines.slice(same.first, lines.length - same.last);
  return [
    `  ${pathText(path)}`,
    ...(same.first > 0 ? [colors.dim(`      (${counted(same.first)} as before)`)] : []),
    ...cut(old).map((line) => colors.red(`    - ${line}`)),
    ...cut(now).map((line) => colors.green(`    + ${line}`)),
    ...(skipped > same.first ? [colors.dim(`      (${counted(same.last)} as before)`)] : []),
  ];
}

/** How many lines at both ends are the same; what stands between them is shown whole. */
function sameEnds(old: readonly string[], now: readonly string[]): { first: number; last: number } {
  const least = Math.min(old.length, now.length);
  let first = 0;
  while (first < least && old[first] === now[first]) first += 1;
  let last = 0;
  while (last < least - first && old.at(-1 - last) === now.at(-1 - last)) last += 1;
  return { first, last };
}

function counted(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

/** A text line by line; other values on one line. */
function linesOf(value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split('\n').map(inertText);
  if (typeof value !== 'object' || value === null) return [String(value)];
  return inertJson(value).split('\n');
}

function pathText(path: MemberChange['path']): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${inertText(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

function oddCharacters(changes: readonly MemberChange[]): string[] {
  const texts = changes.flatMap(({ path, before, after }) =>
    [...path, before, after].filter((one) => typeof one === 'string'),
  );
  return [...new Set(texts.flatMap(suspects))];
}
