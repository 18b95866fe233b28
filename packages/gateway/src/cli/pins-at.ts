import type { Definition, Pin, PinDecision, PinDefinitions } from '../store/pin.js';
import type { DecidedPin, PinDesk } from '../upstreams/pins/pin-desk.js';
import { askGateway, baseOf } from './ask-gateway.js';
import { choosePins, type PinChoice } from './choose-pins.js';
import type { CommonOptions } from './common-options.js';
import type { ReviewedPin } from './format-pin-diff.js';
import type { GatewayOptions } from './gateway-options.js';
import { type ReadPins, readLocalPins, withLocalPins } from './local-pins.js';
import { quoted } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';

/** The pins that a command is about, and the place to decide on them: the store of this machine, or a gateway. */
export interface PinsAt {
  readonly chosen: readonly ReviewedPin[];
  readonly desk: Desk;
}

interface Desk extends Pick<PinDesk, 'accept' | 'reject' | 'forget'> {}

type Options = CommonOptions & GatewayOptions;

/** Reads the pins that are meant, whether a gateway runs or not. */
export async function readPins(options: Options, choice: PinChoice): Promise<ReadPins> {
  const { gateway } = options;
  if (gateway === undefined) return readLocalPins(options, choice);
  const pins = await new GatewayPins(gateway, await readGatewayKey(options.keyFile, 'an auditor')).chosen(
    choice,
  );
  return { pins, flags: ` --gateway ${quoted(gateway)}` };
}

/** Opens the desk for the pins that are meant, for as long as `use` takes. */
export async function withPins<Result>(
  options: Options,
  choice: PinChoice,
  use: (at: PinsAt) => Promise<Result>,
): Promise<Result> {
  const { gateway } = options;
  if (gateway === undefined) return withLocalPins(options, choice, use);
  const there = new GatewayPins(gateway, await readGatewayKey(options.keyFile, 'an operator'));
  return use({ chosen: await there.chosen(choice), desk: there });
}

/** A pin as `/v1/pins?definitions=true` tells it. */
interface ToldPin extends Pick<Pin, 'upstream' | 'kind' | 'name' | 'offered' | 'present'> {
  readonly accepted?: ToldDecision;
  readonly rejected?: ToldDecision;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly accepted_definition?: unknown;
  readonly offered_definition?: unknown;
}

interface ToldDecision extends Pick<PinDecision, 'digest' | 'by'> {
  readonly at: string;
}

class GatewayPins implements Desk {
  readonly #base: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#base = baseOf(url);
    this.#key = key;
  }

  async chosen(choice: PinChoice): Promise<ReviewedPin[]> {
    const told: ToldPin[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const path: string = `/v1/pins?definitions=true&limit=200${after}`;
      const page = (await this.#ask(path)) as { pins: readonly ToldPin[]; next_cursor?: string };
      told.push(...page.pins);
      after = page.next_cursor === undefined ? undefined : `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    const reviewed = told.map(reviewedPin);
    const meant = new Set(
      choosePins(
        reviewed.map(({ pin }) => pin),
        [],
        choice,
      ),
    );
    return reviewed.filter(({ pin }) => meant.has(pin));
  }

  accept(decided: readonly DecidedPin[]): Promise<void> {
    return this.#decide(decided, 'accept');
  }

  reject(decided: readonly DecidedPin[]): Promise<void> {
    return this.#decide(decided, 'reject');
  }

  async forget(decided: readonly DecidedPin[]): Promise<void> {
    for (const { pin } of decided) await this.#ask(pathOf(pin), { method: 'DELETE' });
  }

  async #decide(decided: readonly DecidedPin[], word: string): Promise<void> {
    for (const { pin, definition } of decided)
      await this.#ask(`${pathOf(pin)}/${word}`, { post: { digest: definition.digest } });
  }

  #ask(path: string, more: { post?: object; method?: 'DELETE' } = {}): Promise<unknown> {
    return askGateway({ base: this.#base, path, key: this.#key, ...more });
  }
}

function pathOf({ upstream, kind, name }: Pin): string {
  return `/v1/pins/${[upstream, kind, name].map(encodeURIComponent).join('/')}`;
}

function reviewedPin(told: ToldPin): ReviewedPin {
  const { upstream, kind, name, offered, present, accepted, rejected } = told;
  const pin: Pin = {
    upstream,
    kind,
    name,
    offered,
    present,
    ...(accepted === undefined ? {} : { accepted: decisionIn(accepted) }),
    ...(rejected === undefined ? {} : { rejected: decisionIn(rejected) }),
    firstSeen: Date.parse(told.first_seen),
    lastSeen: Date.parse(told.last_seen),
  };
  const definitions: PinDefinitions = {
    offered: definitionOf(offered, told.offered_definition),
    ...(accepted === undefined ? {} : { accepted: definitionOf(accepted.digest, told.accepted_definition) }),
  };
  return { pin, definitions };
}

function decisionIn({ digest, by, at }: ToldDecision): PinDecision {
  return { digest, by, at: Date.parse(at) };
}

function definitionOf(digest: string, value: unknown): Definition {
  return { digest, text: JSON.stringify(value) };
}
