import type { UpstreamReply } from '../model/upstream.js';

const mostUris = 10_000;
const mostOfOwner = 1000;

/** Who wants to hear of a resource. */
export interface Holder {
  /** Equal for one client. */
  readonly asker: string;
  /** Equal for one caller, who may have many clients. */
  readonly owner: string;
}

/** Which resources somebody wants to hear of, and who: an upstream is asked once for each, however many want it. */
export class Subscriptions {
  /** By URI, what the server is being asked: it counts for all who want it. */
  readonly underWay = new Map<string, Promise<UpstreamReply>>();
  readonly #holders = new Map<string, Map<string, Holder>>();
  readonly #ofOwner = new Map<string, number>();

  get uris(): string[] {
    return [...this.#holders.keys()];
  }

  get size(): number {
    return this.#holders.size;
  }

  has(uri: string): boolean {
    return this.#holders.has(uri);
  }

  isHeldBy(uri: string, { asker }: Holder): boolean {
    return this.#holders.get(uri)?.has(asker) === true;
  }

  /** False where there would be too many, of this owner or in all. */
  add(uri: string, holder: Holder): boolean {
    const holders = this.#holders.get(uri);
    if (holders?.has(holder.asker) === true) return true;
    const own = this.#ofOwner.get(holder.owner) ?? 0;
    if (own >= mostOfOwner || (holders === undefined && this.#holders.size >= mostUris)) return false;
    this.#ofOwner.set(holder.owner, own + 1);
    if (holders === undefined) this.#holders.set(uri, new Map([[holder.asker, holder]]));
    else holders.set(holder.asker, holder);
    return true;
  }

  /** Whether that was the last who wanted it. */
  remove(uri: string, { asker, owner }: Holder): boolean {
    const holders = this.#holders.get(uri);
    if (holders?.delete(asker) !== true) return false;
    const left = (this.#ofOwner.get(owner) ?? 1) - 1;
    if (left > 0) this.#ofOwner.set(owner, left);
    else this.#ofOwner.delete(owner);
    return holders.size === 0 && this.#holders.delete(uri);
  }

  clear(): void {
    this.#holders.clear();
    this.#ofOwner.clear();
  }
}
