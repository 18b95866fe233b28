import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Imported } from './import-definitions.js';
import { KeptList } from './kept-list.js';
import type { ListSource, Offer, OfferItem, OfferName } from './list-offer.js';
import { Rejections } from './rejections.js';
import type { ListName, UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';

/** How long the tools of an upstream wait for its other lists when it comes up. */
const patienceMs = 3000;

export interface UpstreamListsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly onEvent: (event: UpstreamEvent) => void;
  /** Called when any list became another. */
  readonly onChange: () => void;
  readonly spec: () => UpstreamSpec;
  readonly redact: (text: string) => string;
}

/** What came of asking for every list: the list, or why it did not come. Without tools there is nothing. */
export type Listed = { readonly [Name in OfferName]: Imported<OfferItem<Name>> | Error } & {
  readonly tools: Imported<OfferItem<'tools'>>;
};

const listsBehind: Readonly<Record<ListName, readonly OfferName[]>> = {
  tools: ['tools'],
  prompts: ['prompts'],
  resources: ['resources', 'templates'],
};

/** The last good lists of one upstream. One that fails takes no other away. */
export class UpstreamLists {
  readonly #deps: UpstreamListsDeps;
  readonly #lists: { readonly [Name in OfferName]: KeptList<Name> };
  /** Said to have changed while they were asked for. */
  readonly #early = new Set<ListName>();
  #changing = false;
  #follows = false;

  constructor(deps: UpstreamListsDeps) {
    this.#deps = deps;
    const onChange = () => {
      if (!this.#changing) deps.onChange();
    };
    const more = { ...deps, onChange, rejections: new Rejections(deps.onEvent) };
    this.#lists = {
      tools: new KeptList('tools', more),
      prompts: new KeptList('prompts', more),
      resources: new KeptList('resources', more),
      templates: new KeptList('templates', more),
    };
  }

  /** The list of one name, the same array while nothing changed; undefined as long as none has come. */
  get<Name extends OfferName>(name: Name): Offer[Name] | undefined {
    const list: KeptList<OfferName> = this.#lists[name];
    return list.items as Offer[Name] | undefined;
  }

  /** Asks a source for everything, tools first. Rejects with UpstreamFailure when the tools do not come. */
  async ask(source: ListSource): Promise<Listed> {
    this.#early.clear();
    const tools = await this.#lists.tools.ask(source);
    const late = this.#lateness();
    const [prompts, resources, templates] = await Promise.all([
      Promise.race([this.#lists.prompts.ask(source).catch(asError), late.error]),
      Promise.race([this.#lists.resources.ask(source).catch(asError), late.error]),
      Promise.race([this.#lists.templates.ask(source).catch(asError), late.error]),
    ]);
    late.stop();
    return { tools, prompts, resources, templates };
  }

  /** Takes over what came, keeps the last good list of what did not, and from now on hears refresh() for this source. */
  follow(source: ListSource, listed: Listed): void {
    const before = offerNames.map((name) => this.get(name));
    this.#changing = true;
    this.#lists.tools.follow(source, listed.tools);
    this.#lists.prompts.follow(source, listed.prompts);
    this.#lists.resources.follow(source, listed.resources);
    this.#lists.templates.follow(source, listed.templates);
    this.#changing = false;
    if (offerNames.some((name, index) => this.get(name) !== before[index])) this.#deps.onChange();
    this.#follows = true;
    for (const name of this.#early) this.refresh(name);
    this.#early.clear();
  }

  /** Keeps every list and hears no more of their source. */
  unfollow(): void {
    this.#follows = false;
    for (const name of offerNames) this.#lists[name].unfollow();
  }

  /** The source says that a list changed; also before it is followed. */
  refresh(name: ListName): void {
    if (!this.#follows) this.#early.add(name);
    for (const list of listsBehind[name]) this.#lists[list].refresh();
  }

  #lateness(): { error: Promise<Error>; stop: () => void } {
    let stop: () => void = () => undefined;
    const error = new Promise<Error>((resolve) => {
      const late = new Error(`it took longer than ${patienceMs / 1000} s`);
      stop = this.#deps.clock.after(patienceMs, () => resolve(late));
    });
    return { error, stop: () => stop() };
  }
}

const offerNames: readonly OfferName[] = ['tools', 'prompts', 'resources', 'templates'];

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
