import type { Definition, Pin, PinKey, PinKind } from '../../store/pin.js';
import type { PinEdit } from '../../store/pin-edit.js';
import type { PinTable } from '../../store/pin-table.js';
import { definitionText } from '../import-definitions.js';
import type { Offer } from './definition-judge.js';
import { hiddenIn } from './hidden-characters.js';
import { type FirstSight, isTrusted, type Standing, standingOf } from './standing.js';

/** A list of one kind of one upstream. */
export interface Place {
  /** The name under which the upstream's pins are kept. */
  readonly upstream: string;
  readonly kind: PinKind;
}

export interface Listing extends Place {
  readonly offers: readonly Offer[];
  readonly firstSight: FirstSight;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What this process brought before; nothing where it has just begun. */
  readonly brought?: Brought | undefined;
}

/**
 * What a list came to when this process brought it, by name. Another gateway on the same table may see another list of the
 * same upstream: each says what it sees once, or the two would take it back in turns for ever.
 */
export type Brought = ReadonlyMap<string, string>;

/** A definition that the list brought for the first time, and what became of it. */
export interface News {
  readonly key: PinKey;
  readonly digest: string;
  readonly standing: Standing;
  /** Present when the gateway accepted it by itself. */
  readonly by: 'first-sight' | 'follow' | undefined;
  /** The digest that was accepted before. */
  readonly before: string | undefined;
  /** Characters in it that nobody sees. */
  readonly hidden: readonly string[];
}

export interface Lesson {
  readonly pins: ReadonlyMap<string, Pin>;
  readonly news: readonly News[];
  /** Definitions for whose pins there is no room; nobody can accept them. */
  readonly left: number;
  /** The table's count of changes before this one. */
  readonly changesBefore: number;
}

/** Of one kind and upstream. A server that invents names and texts must not fill the disk. */
export const mostPins = 10_000;
const mostCharacters = 2 ** 25;
/** Pins say to the hour when they were seen last. */
const seenMs = 3_600_000;

/** Whether a list says anything that the pins do not, and that this process did not say before. */
export function isNews(pins: ReadonlyMap<string, Pin>, listing: Listing): boolean {
  const { offers, firstSight, at, brought } = listing;
  const differs = (offer: Offer): boolean => {
    const pin = pins.get(offer.name);
    if (isFollowed(pin, offer, listing)) return false;
    if (pin !== undefined && isAcceptedUnseen(pin, offer, firstSight)) return true;
    if (pin !== undefined && isNoted(pin, offer)) return at - pin.lastSeen > seenMs;
    return brought?.get(offer.name) !== standOf(pin, offer);
  };
  return offers.some(differs) || missedIn(pins, listing).length > 0;
}

/** Whether this process has followed a change to this definition, and another gateway one to another since. */
export function isFollowed(pin: Pin | undefined, { name, digest }: Offer, listing: Listing): boolean {
  const { firstSight, brought } = listing;
  if (firstSight !== 'follow' || pin?.accepted === undefined || pin.accepted.digest === digest) return false;
  const wasAccepted = brought?.get(name)?.startsWith(`${digest} ${digest} `) === true;
  return wasAccepted && pin.accepted.by === 'follow' && pin.rejected?.digest !== digest;
}

/** What this process has brought, once the pins say it. */
export function broughtBy(pins: ReadonlyMap<string, Pin>, offers: readonly Offer[]): Map<string, string> {
  return new Map(offers.map((offer) => [offer.name, standOf(pins.get(offer.name), offer)]));
}

/** The words of `standOf` for what there was no room for end with this. */
export const leftOut = 'left out';

/** A decision of a person makes it worth saying once more what is offered. */
function standOf(pin: Pin | undefined, { digest }: Offer): string {
  if (pin === undefined) return `${digest} ${leftOut}`;
  return `${digest} ${pin.accepted?.digest} ${pin.rejected?.digest}`;
}

function isNoted(pin: Pin | undefined, { digest }: Offer): boolean {
  return pin?.present === true && pin.offered === digest;
}

/** Pins of what the list held before and does not hold any more; of all that it does not hold, where that is not known. */
function missedIn(pins: ReadonlyMap<string, Pin>, { offers, brought }: Listing): Pin[] {
  const offered = new Set(offers.map(({ name }) => name));
  return [...pins.values()].filter(
    ({ present, name }) => present && !offered.has(name) && brought?.has(name) !== false,
  );
}

/** Brings the pins to what a list says, in one step over what other processes wrote meanwhile. */
export function learnOffers(table: PinTable, listing: Listing): Lesson {
  const { upstream, kind, offers } = listing;
  return table.change((edit) => {
    const changesBefore = table.changes();
    const pins = mapOf(edit.list(upstream, kind));
    const learner = new Learner(edit, listing, pins);
    for (const offer of offers) learner.take(offer);
    learner.missOthers();
    edit.seen(listing, listing.at, seenMs);
    const { news, left } = learner;
    return { pins: mapOf(edit.list(upstream, kind)), news, left, changesBefore };
  });
}

/** What a person would not see is for a person to decide on, however much an upstream is trusted. */
function isAcceptedUnseen(pin: Pin | undefined, offer: Offer, firstSight: FirstSight): boolean {
  return isTrusted(pin, offer.digest, firstSight) && hiddenIn(offer.definition.value).length === 0;
}

/** Who accepts without a person. */
const actors = { trust: 'first-sight', follow: 'follow', ask: undefined } as const;

class Learner {
  readonly news: News[] = [];
  left = 0;
  readonly #edit: PinEdit;
  readonly #listing: Listing;
  readonly #pins: ReadonlyMap<string, Pin>;
  #places: number;
  #characters: number;

  constructor(edit: PinEdit, listing: Listing, pins: ReadonlyMap<string, Pin>) {
    this.#edit = edit;
    this.#listing = listing;
    this.#pins = pins;
    this.#places = mostPins - pins.size;
    this.#characters = mostCharacters - edit.size(listing.upstream, listing.kind);
  }

  take(offer: Offer): void {
    const { upstream, kind, firstSight, at, brought } = this.#listing;
    const { name, digest } = offer;
    const key: PinKey = { upstream, kind, name };
    const pin = this.#pins.get(name);
    if (isFollowed(pin, offer, this.#listing)) return;
    const by = isAcceptedUnseen(pin, offer, firstSight) ? actors[firstSight] : undefined;
    const isSaid = pin !== undefined && brought?.get(name) === standOf(pin, offer);
    if (by === undefined && (isSaid || isNoted(pin, offer))) return;
    const definition: Definition = { digest, text: definitionText(offer.definition.value) };
    if (!this.#hasRoom(pin, definition)) {
      this.left += 1;
      return;
    }
    this.#edit.offer(key, definition, at);
    if (by !== undefined) this.#edit.accept(key, definition, { by, at });
    const standing = by === undefined ? standingOf(pin, digest) : 'accepted';
    const isBack = by === undefined && (standing === 'accepted' || pin?.offered === digest);
    if (isBack) return;
    const hidden = hiddenIn(offer.definition.value);
    this.news.push({ key, digest, standing, by, before: pin?.accepted?.digest, hidden });
  }

  #hasRoom(pin: Pin | undefined, { digest, text }: Definition): boolean {
    if (pin?.offered === digest || pin?.accepted?.digest === digest) return true;
    const places = this.#places - (pin === undefined ? 1 : 0);
    const characters = this.#characters - text.length;
    if (places < 0 || characters < 0) return false;
    this.#places = places;
    this.#characters = characters;
    return true;
  }

  /** What nobody decided on is not worth a pin any more; a decision is kept for the day it comes back. */
  missOthers(): void {
    for (const pin of missedIn(this.#pins, this.#listing)) {
      if (pin.accepted === undefined && pin.rejected === undefined) this.#edit.remove(pin);
      else this.#edit.gone(pin);
    }
  }
}

function mapOf(pins: readonly Pin[]): Map<string, Pin> {
  return new Map(pins.map((pin) => [pin.name, pin]));
}
