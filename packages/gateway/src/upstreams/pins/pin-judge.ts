import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../model/log.js';
import type { Quarantine } from '../../model/quarantine.js';
import type { Pin, PinKind } from '../../store/pin.js';
import type { PinTable } from '../../store/pin-table.js';
import type { ImportedTool } from '../import-tools.js';
import { acceptedTool } from './accepted-tool.js';
import type { DefinitionJudge, Offer } from './definition-judge.js';
import {
  broughtBy,
  isFollowed,
  isNews,
  type Listing,
  learnOffers,
  leftOut,
  mostPins,
  type News,
  type Place,
} from './learn-offers.js';
import { type Note, PinNotices } from './pin-notices.js';
import { pinRecord } from './pin-record.js';
import { type FirstSight, standingOf } from './standing.js';

export interface PinJudgeOptions {
  readonly pins: PinTable;
  readonly clock: Clock;
  readonly log: Log;
  /** Puts an event into the trail. */
  readonly note: Note;
  /** What the configuration in force says about an upstream. */
  readonly firstSight: (upstream: string) => FirstSight;
  /** The name under which an upstream's pins are kept. */
  readonly pinnedAs: (upstream: string) => string;
}

/** How often the table is asked whether another process changed it. */
const lookMs = 1000;

type Pins = ReadonlyMap<string, Pin>;

const noPins: Pins = new Map();

/**
 * Judges by the pins of a table, which other processes may change. What was read once stays known while the table is out
 * of reach: a definition that is accepted stays so, and nothing else becomes it.
 */
export class PinJudge implements DefinitionJudge {
  readonly #options: PinJudgeOptions;
  readonly #notices: PinNotices;
  /** By kind and by the name under which an upstream's pins are kept. */
  readonly #known = new Map<string, Pins>();
  /** By the same: the last list of this process, and what it came to. */
  readonly #brought = new Map<string, { offers: readonly Offer[]; stands: Map<string, string> }>();
  /** The table's count of changes that #known is of. */
  #changes: number | undefined;
  #outOfReach = false;
  /** Where something was told that is told once: the table out of reach, or no room in it. */
  readonly #told = new Set<string>();
  /** What was accepted of changed tools. */
  readonly #accepted = new WeakMap<Pin, ImportedTool>();

  constructor(options: PinJudgeOptions) {
    this.#options = options;
    this.#notices = new PinNotices(options.clock, options.note);
  }

  judge<Definition extends Offer>(
    upstream: string,
    kind: PinKind,
    offers: readonly Definition[],
  ): readonly Definition[] {
    const { pinnedAs, firstSight, clock } = this.#options;
    const place: Place = { upstream: pinnedAs(upstream), kind };
    const before = this.#brought.get(keyOf(place));
    const brought = before?.stands;
    const listing: Listing = { ...place, offers, firstSight: firstSight(upstream), at: clock.now(), brought };
    let isKnown = true;
    try {
      const hasNews = isNews(this.#read(place), listing);
      if (hasNews) this.#learn(listing);
      if (hasNews || before?.offers !== offers) this.#remember(place, offers);
    } catch (cause) {
      isKnown = false;
      this.#lose(place, cause);
    }
    const pins = this.#known.get(keyOf(place)) ?? noPins;
    return offers.map((offer) => {
      const pin = pins.get(offer.name);
      const mayPass = isFollowed(pin, offer, listing);
      const quarantine = mayPass ? undefined : this.#quarantineOf(pin, offer, isKnown);
      return quarantine === undefined ? offer : { ...this.#shown(pin, offer), quarantine };
    });
  }

  watch(onChange: () => void): () => void {
    const { clock } = this.#options;
    const look = (): void => {
      cancel = clock.after(lookMs, look);
      if (this.#hasChanged()) onChange();
    };
    let cancel = clock.after(lookMs, look);
    return () => {
      cancel();
      this.#notices.end();
    };
  }

  #read(place: Place): Pins {
    const key = keyOf(place);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { pins } = this.#options;
    this.#changes ??= pins.changes();
    const listed = pins.list(place.upstream).filter(({ kind }) => kind === place.kind);
    const read = new Map(listed.map((pin) => [pin.name, pin]));
    this.#known.set(key, read);
    return read;
  }

  #remember(place: Place, offers: readonly Offer[]): void {
    const stands = broughtBy(this.#known.get(keyOf(place)) ?? noPins, offers);
    this.#brought.set(keyOf(place), { offers, stands });
  }

  #learn(listing: Listing): void {
    const { pins, news, left, changesBefore } = learnOffers(this.#options.pins, listing);
    this.#known.set(keyOf(listing), pins);
    // What another process changed besides is for the next look.
    if (changesBefore === this.#changes) this.#changes = changesBefore + 1;
    this.#tell(listing, news);
    if (left > 0) this.#tellOnce(listing, `${left} definitions are left out: ${tooMany}`);
  }

  #tell({ upstream }: Place, news: readonly News[]): void {
    for (const { key, digest, standing, by, before, hidden } of news) {
      const was = before === undefined ? {} : { before };
      if (standing === 'accepted') {
        this.#notices.tell('pin.accepted', upstream, pinRecord(key, digest, { by: by ?? '', ...was }));
        continue;
      }
      const reason = reasons[standing];
      const unseen = hidden.length === 0 ? {} : { hidden: hidden.slice(0, mostHidden) };
      const members = pinRecord(key, digest, { reason, ...was, ...unseen });
      if (!this.#notices.tell('upstream.tool_quarantined', upstream, members)) continue;
      const { kind, name } = key;
      this.#options.log.warn(
        { upstream, [kind]: name, reason },
        'a definition is left out until it is accepted: see "sallyport upstreams pins diff"',
      );
    }
  }

  #lose(place: Place, cause: unknown): void {
    this.#outOfReach = true;
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#tellOnce(place, `the pins cannot be read and written, so what is new is left out: ${reason}`);
  }

  #tellOnce({ upstream, kind }: Place, reason: string): void {
    const key = keyOf({ upstream, kind });
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#options.log.error({ upstream, kind, reason }, 'definitions are left out');
    this.#notices.tell('upstream.tool_quarantined', upstream, { upstream, reason });
  }

  /** Whether the same lists may be judged otherwise. A table that was out of reach must take a change to count as back. */
  #hasChanged(): boolean {
    const { pins, log } = this.#options;
    try {
      if (this.#outOfReach) pins.change(() => undefined);
      const changes = pins.changes();
      if (changes === this.#changes) return false;
      if (this.#outOfReach) log.info({}, 'the pins can be read and written again');
      this.#outOfReach = false;
      this.#told.clear();
      this.#changes = changes;
      this.#known.clear();
      this.#retryLeftOut();
      return true;
    } catch (cause) {
      if (!this.#outOfReach) log.error({ err: cause }, 'the pins cannot be read');
      this.#outOfReach = true;
      return false;
    }
  }

  /** There may be room now. */
  #retryLeftOut(): void {
    for (const { stands } of this.#brought.values()) {
      for (const [name, stand] of stands) if (stand.endsWith(leftOut)) stands.delete(name);
    }
  }

  /** Why an offer may not be used; undefined for one that may. */
  #quarantineOf(pin: Pin | undefined, { digest }: Offer, isKnown: boolean): Quarantine | undefined {
    const standing = standingOf(pin, digest);
    if (standing === 'accepted') return undefined;
    return standing === 'waiting' && !isKnown ? 'unknowable' : standing;
  }

  /** Of a changed tool what was accepted: what is offered reaches neither rules nor callers. */
  #shown<Definition extends Offer>(pin: Pin | undefined, offer: Definition): Definition {
    if (pin?.kind !== 'tool' || pin.accepted === undefined) return offer;
    let accepted = this.#accepted.get(pin);
    if (accepted === undefined) {
      accepted = this.#readAccepted(pin);
      if (accepted !== undefined) this.#accepted.set(pin, accepted);
    }
    return accepted === undefined ? offer : { ...offer, ...accepted };
  }

  #readAccepted(pin: Pin): ImportedTool | undefined {
    try {
      return acceptedTool(this.#options.pins.definitions(pin)?.accepted?.text ?? '{}');
    } catch {
      // Nothing depends on it but which of two refused definitions rules are asked about.
      return undefined;
    }
  }
}

/** Records are short, and one of them says enough. */
const mostHidden = 10;

const tooMany = `the gateway keeps at most ${mostPins} pins of one kind of an upstream`;

const reasons = {
  changed: 'it is not the definition that was accepted',
  waiting: 'nobody has accepted it',
  rejected: 'it was rejected',
} as const;

function keyOf({ upstream, kind }: Place): string {
  return `${kind} ${upstream}`;
}
