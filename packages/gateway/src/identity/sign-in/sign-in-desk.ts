import type { Clock } from '../../lib/clock.js';
import { newId } from '../../lib/ids.js';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { SignIn } from '../../model/sign-in.js';
import type { SignInFilter, SignInTable } from '../../store/sign-in-table.js';

type Happening = 'person.signed_in' | 'person.signed_out';

export interface SignInDeskDeps {
  readonly table: SignInTable;
  readonly clock: Clock;
  readonly record: (type: Happening, members: JsonObject) => Promise<void>;
  /** Who a credential stands for now; undefined for one that is not good any more. */
  readonly callerNow: (caller: Pick<Principal, 'id' | 'credential'>) => Principal | undefined;
  /** A mark of the value of a configured token, as it is now; undefined for credentials of other kinds. */
  readonly tokenMark: (credential: string) => string | undefined;
}

/** Whom a provider named. */
export interface Named {
  readonly person: Omit<Principal, 'credential'>;
  readonly issuer: string;
  /** What the configuration said of it, as `issuerTerms` has it. */
  readonly terms: string;
  readonly minutes: number;
  /** The held call that they were asked once more for who they are. */
  readonly hold?: string | undefined;
}

/** Somebody who is signed in, as they are now. Times are milliseconds since the epoch. */
export interface SignedIn {
  readonly id: string;
  readonly principal: Principal;
  readonly since: number;
  readonly until: number;
  readonly issuer?: string | undefined;
  /** The held call that they have shown once more who they are for, and not answered yet. */
  readonly provenFor?: string | undefined;
}

/** What could not be put on record; the message is for people. */
export class SignInUnrecorded extends Error {}

const keyMs = 30 * 60_000;
/** As long as somebody may take to look at what they are about to approve. */
const proofMs = 5 * 60_000;

/** Signs people in and out. Nobody is signed in before it is on record. */
export class SignInDesk {
  readonly #deps: SignInDeskDeps;

  constructor(deps: SignInDeskDeps) {
    this.#deps = deps;
  }

  /** With a key or a token, which goes on deciding what they may. Rejects with SignInUnrecorded, as all that records. */
  withCredential(principal: Principal): Promise<SignIn> {
    const createdAt = this.#deps.clock.now();
    const terms = this.#deps.tokenMark(principal.credential);
    return this.#open({ id: newId(), principal, terms, createdAt, expiresAt: createdAt + keyMs });
  }

  withProvider({ person, issuer, terms, minutes, hold }: Named): Promise<SignIn> {
    const id = newId();
    const createdAt = this.#deps.clock.now();
    const principal = { ...person, credential: `person:${id}` };
    const proof = hold === undefined ? {} : { proof: { hold, until: createdAt + proofMs } };
    return this.#open({
      id,
      principal,
      issuer,
      terms,
      createdAt,
      expiresAt: createdAt + minutes * 60_000,
      ...proof,
    });
  }

  find(id: string): SignedIn | undefined {
    const signIn = this.#deps.table.find(id);
    return signIn === undefined ? undefined : this.#now(signIn);
  }

  /** Newest first; `next` asks for those before them, where there are more. */
  list(filter: Omit<SignInFilter, 'now'>): { readonly all: readonly SignedIn[]; readonly next?: string } {
    const rows = this.#deps.table.list({ ...filter, now: this.#deps.clock.now() });
    const last = rows.at(-1);
    const next = rows.length === filter.limit && last !== undefined ? { next: last.id } : {};
    return { all: rows.flatMap((row) => this.#now(row) ?? []), ...next };
  }

  /** Ends at once, in every process, whether or not it can be put on record. */
  async end({ id, principal }: SignedIn, actor: JsonObject): Promise<void> {
    if (!this.#deps.table.remove(id)) return;
    await this.#ended(principal, [id], actor);
  }

  /** All sign-ins of a person, like one; how many there were. */
  async revoke(person: Pick<Principal, 'id' | 'tenant'>, actor: JsonObject): Promise<number> {
    const ended = this.#deps.table.removeOf(person.tenant, person.id);
    await this.#ended(person, ended, actor);
    return ended.length;
  }

  /** Whether they have signed in once more for this held call; it counts for one yes, so it is used up. */
  takeProof(id: string, hold: string): boolean {
    return this.#deps.table.takeProof(id, hold, this.#deps.clock.now());
  }

  #now(signIn: SignIn): SignedIn | undefined {
    const { id, createdAt, expiresAt, issuer, proof } = signIn;
    const now = this.#deps.clock.now();
    const isTime = now >= createdAt && now < expiresAt;
    const principal =
      isTime && this.#isSameToken(signIn) ? this.#deps.callerNow(signIn.principal) : undefined;
    if (principal === undefined) return undefined;
    const provenFor = proof !== undefined && now < proof.until ? { provenFor: proof.hold } : {};
    return { id, principal, since: createdAt, until: expiresAt, issuer, ...provenFor };
  }

  /** One that was replaced stands for nobody, though another is at its place now. */
  #isSameToken({ principal, issuer, terms }: SignIn): boolean {
    return issuer !== undefined || this.#deps.tokenMark(principal.credential) === terms;
  }

  async #open(signIn: SignIn): Promise<SignIn> {
    const { id, principal, issuer, proof } = signIn;
    const { credential, roles } = principal;
    const members = {
      sign_in: id,
      cred: credential,
      roles: [...roles],
      ...(issuer === undefined ? {} : { issuer }),
      ...(proof === undefined ? {} : { hold: proof.hold }),
    };
    await this.#note('person.signed_in', principal, members).catch((cause: unknown) => {
      throw new SignInUnrecorded('The sign-in could not be recorded, so it was not made; try again.', {
        cause,
      });
    });
    this.#deps.table.add(signIn);
    return signIn;
  }

  async #ended(
    person: Pick<Principal, 'id' | 'tenant'>,
    ids: readonly string[],
    actor: JsonObject,
  ): Promise<void> {
    const notes = ids.map((id) => this.#note('person.signed_out', person, { sign_in: id, ...actor }));
    const failed = (await Promise.allSettled(notes)).find((one) => one.status === 'rejected');
    if (failed === undefined) return;
    throw new SignInUnrecorded('The sign-in is over, and that may not be on record.', {
      cause: failed.reason,
    });
  }

  #note(type: Happening, { id, tenant }: Pick<Principal, 'id' | 'tenant'>, more: JsonObject): Promise<void> {
    return this.#deps.record(type, { principal: id, tenant, ...more });
  }
}
