import { pinDecisionSchema, pinPageSchema, pinQuery, pinSchema } from '#contract';
import { isoTime } from '../lib/clock.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { Pin, PinDecision, PinDefinitions, PinKey } from '../store/pin.js';
import type { PinTable } from '../store/pin-table.js';
import { diffDefinitions } from '../upstreams/pins/definition-diff.js';
import type { PinDesk } from '../upstreams/pins/pin-desk.js';
import { stateOfPin } from '../upstreams/pins/standing.js';
import { actorOf } from './actor.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface PinSource {
  readonly pins: Pick<PinTable, 'list' | 'definitions'>;
  /** Whether a tenant has an upstream, by the name under which its pins are kept. */
  readonly hasUpstream: (tenant: string, upstream: string) => boolean;
  /** Where decisions are recorded as those of `actor`. */
  readonly pinDesk: (actor: JsonObject) => Pick<PinDesk, 'accept' | 'reject' | 'forget'>;
}

const common = { resource: 'pins' } as const;
const lookers = ['auditor', 'operator', 'admin'] as const;
const deciders = ['operator', 'admin'] as const;

/** `/v1/pins`: which definitions of upstreams may be used. A decision is about the definition that was looked at. */
export function pinRoutes(source: PinSource): Route[] {
  return [
    listRoute(source),
    getRoute(source),
    decideRoute(source, 'accept'),
    decideRoute(source, 'reject'),
    forgetRoute(source),
  ];
}

function listRoute({ pins, hasUpstream }: PinSource): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/pins',
      id: 'listPins',
      summary: 'The definitions of upstreams, and what was decided on them',
      access: lookers,
      query: pinQuery,
      replies: { 200: pinPageSchema },
    },
    ({ principal: { tenant }, query: { cursor, limit, upstream, kind, state, definitions } }) => {
      const meant = pins
        .list(upstream)
        .filter((pin) => hasUpstream(tenant, pin.upstream))
        .filter((pin) => (kind ?? pin.kind) === pin.kind && (state ?? stateOfPin(pin)) === stateOfPin(pin));
      const from = cursor === undefined ? 0 : meant.findIndex((pin) => nameOf(pin) === cursor) + 1;
      if (cursor !== undefined && from === 0)
        throw new Problem('invalid_query', 'cursor: the pin that it names is not there any more; begin anew');
      const page = meant.slice(from, from + limit);
      const last = page.at(-1);
      const next = last !== undefined && from + limit < meant.length ? { next_cursor: nameOf(last) } : {};
      const details = (pin: Pin) => ({ ...pinJson(pin), ...definitionsJson(pins.definitions(pin)) });
      const told = page.map(definitions === 'true' ? details : pinJson);
      return { status: 200, body: { count: told.length, pins: told, ...next } };
    },
  );
}

function getRoute(source: PinSource): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/pins/{upstream}/{kind}/{name}',
      id: 'getPin',
      summary: 'One pin with its definitions, and what tells them apart',
      access: lookers,
      replies: { 200: pinSchema },
      problems: ['not_found'],
    },
    (asked) => {
      const { pin, definitions } = known(source, asked);
      return { status: 200, body: { ...pinJson(pin), ...definitionsJson(definitions) } };
    },
  );
}

function decideRoute(source: PinSource, word: 'accept' | 'reject'): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: `/v1/pins/{upstream}/{kind}/{name}/${word}`,
      id: `${word}Pin`,
      summary: word === 'accept' ? 'Lets a definition be used' : 'Lets a definition not be used',
      access: deciders,
      needs: 'pins:decide',
      body: pinDecisionSchema,
      replies: { 200: pinSchema },
      problems: ['not_found', 'changed', 'unrecorded'],
    },
    async (asked) => {
      const { pin, definitions } = known(source, asked);
      const definition = [definitions.offered, definitions.accepted].find(
        (one) => one?.digest === asked.body.digest,
      );
      if (definition === undefined)
        throw new Problem(
          'changed',
          `The upstream offers ${definitions.offered.digest}; look at that one first.`,
        );
      await source.pinDesk(actorOf(asked))[word]([{ pin, definition }]).catch(undecided);
      return { status: 200, body: pinJson(known(source, asked).pin) };
    },
  );
}

function forgetRoute(source: PinSource): Route {
  return route(
    {
      ...common,
      method: 'delete',
      path: '/v1/pins/{upstream}/{kind}/{name}',
      id: 'forgetPin',
      summary: 'Forgets what was seen and decided: what is offered next is a first sight',
      access: deciders,
      needs: 'pins:decide',
      replies: { 200: pinSchema },
      problems: ['not_found', 'unrecorded'],
    },
    async (asked) => {
      const { pin, definitions } = known(source, asked);
      const forgotten = [{ pin, definition: definitions.offered }];
      await source.pinDesk(actorOf(asked)).forget(forgotten).catch(undecided);
      return { status: 200, body: pinJson(pin) };
    },
  );
}

/** Recorded first: what could not be kept after that changed nothing either. */
function undecided(): never {
  throw new Problem('unrecorded', 'The decision could not be recorded, or not be kept; nothing is changed.');
}

interface Known {
  readonly pin: Pin;
  readonly definitions: PinDefinitions;
}

interface AskedPin {
  readonly principal: Pick<Principal, 'tenant'>;
  readonly params: Readonly<Record<'upstream' | 'kind' | 'name', string>>;
}

function known({ pins, hasUpstream }: PinSource, { principal, params }: AskedPin): Known {
  const { upstream, kind, name } = params;
  const own = hasUpstream(principal.tenant, upstream) ? pins.list(upstream) : [];
  const pin = own.find((one) => one.kind === kind && one.name === name);
  const definitions = pin === undefined ? undefined : pins.definitions(pin);
  if (pin !== undefined && definitions !== undefined) return { pin, definitions };
  throw new Problem('not_found', 'Nothing of that name was seen of that upstream.');
}

function nameOf({ upstream, kind, name }: PinKey): string {
  return `${kind} ${upstream} ${name}`;
}

function pinJson(pin: Pin) {
  const { upstream, kind, name, offered, accepted, rejected, present, firstSeen, lastSeen } = pin;
  return {
    upstream,
    kind,
    name,
    state: stateOfPin(pin),
    offered,
    present,
    accepted: decisionJson(accepted),
    rejected: decisionJson(rejected),
    first_seen: isoTime(firstSeen),
    last_seen: isoTime(lastSeen),
  };
}

function decisionJson(decision: PinDecision | undefined) {
  return decision === undefined ? undefined : { ...decision, at: isoTime(decision.at) };
}

function definitionsJson(definitions: PinDefinitions | undefined) {
  if (definitions === undefined) return {};
  const offered = definitionIn(definitions.offered.text);
  const accepted = definitions.accepted === undefined ? undefined : definitionIn(definitions.accepted.text);
  const changes = diffDefinitions(accepted, offered);
  return { accepted_definition: accepted, offered_definition: offered, changes };
}

/** What passed import and is kept in RFC 8785 form. */
function definitionIn(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}
