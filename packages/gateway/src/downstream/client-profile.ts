import { copiedText } from '../lib/copied-text.js';
import { newId } from '../lib/ids.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { Revision } from '../model/call.js';
import type { Client } from '../model/client.js';
import type { JsonText, JsonValue } from '../model/json.js';
import { legacyRevisions } from '../model/revisions.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import { wrongParams } from './protocol-fault.js';
import { declaresTasks } from './tasks-declared.js';

/** Whoever sends single requests without a session: nothing can be asked of it. */
export const nobodyToAsk: Client = { capabilities: '{}', asker: '' };

/** Kept for each session, so it is bounded; in UTF-16 units. */
const longestProfile = 16_384;

const envelope = 'io.modelcontextprotocol/';

/** The extensions that the gateway relays, by name. */
type Relaying = Pick<FaceOptions, 'extensions' | 'tasks'>;

/** What a legacy client says of itself in `initialize`; throws ProtocolFault where that is no object or too long to keep. */
export function legacyProfile({ document, params }: RequestMessage, relaying: Relaying = {}): LegacyProfile {
  const declared = objectText(document.member('params', 'capabilities'), 'capabilities');
  const info = objectText(document.member('params', 'clientInfo'), 'clientInfo');
  return (revision, asker) => ({
    capabilities: copiedText(relayable(withRelayed(declared, relaying), revision)),
    asker,
    ...(params.clientInfo === undefined ? {} : { info: copiedText(info) }),
  });
}

/** The client, once it is known which revision was agreed on and which of all clients it is. */
export type LegacyProfile = (revision: Revision, asker: string) => Client;

/** What a modern request says of its client; read when somebody asks, for most calls never need it. */
export class ModernClient implements Client {
  readonly #request: RequestMessage;
  readonly #relaying: Relaying;
  #asker: string | undefined;
  #capabilities: string | undefined;

  constructor(request: RequestMessage, relaying: Relaying = {}) {
    this.#request = request;
    this.#relaying = relaying;
  }

  get capabilities(): string {
    this.#capabilities ??= this.#relayed();
    return this.#capabilities;
  }

  get info(): string | undefined {
    return this.#members().get('clientInfo');
  }

  /** Nobody else can answer what this one request is asked. */
  get asker(): string {
    this.#asker ??= newId();
    return this.#asker;
  }

  get tasks(): boolean {
    return this.#relaying.tasks !== undefined && declaresTasks(this.#request);
  }

  get logLevel(): string | undefined {
    const meta = this.#request.params._meta;
    const level = isJsonObject(meta) ? meta[`${envelope}logLevel`] : undefined;
    return typeof level === 'string' ? level : undefined;
  }

  #relayed(): string {
    // Most declare nothing: then there is no text to look at.
    if (isEmpty(this.#request.params._meta, `${envelope}clientCapabilities`)) return '{}';
    const declared = this.#members().get('clientCapabilities') ?? '{}';
    // Sessions with servers are kept by it, so whoever declares too much to keep declares nothing.
    if (declared === '{}' || declared.length > longestProfile) return '{}';
    return writeObject(
      membersOf(withRelayed(declared, this.#relaying)).filter(([name]) => isRelayable(name)),
    );
  }

  /** The envelope by the names behind its prefix. */
  #members(): Map<string, string> {
    const text = this.#request.document.member('params', '_meta')?.text ?? '{}';
    const own = membersOf(text).filter(([name]) => name.startsWith(envelope));
    return new Map(own.map(([name, value]) => [name.slice(envelope.length), value]));
  }
}

function isEmpty(meta: JsonValue | undefined, name: string): boolean {
  const value = isJsonObject(meta) ? meta[name] : undefined;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Of a legacy client's capabilities those that the gateway relays, as far as the revision has them. */
function relayable(capabilities: string, revision: Revision): string {
  const members = membersOf(capabilities).filter(([name]) => isRelayable(name));
  if (isSince(revision, '2025-11-25')) return writeObject(members);
  const known = isSince(revision, '2025-06-18')
    ? members
    : members.filter(([name]) => name !== 'elicitation');
  // Before 2025-11-25 there was one kind of elicitation and no name for it.
  return writeObject(known.map(([name, text]) => [name, name === 'elicitation' ? '{}' : text]));
}

function isRelayable(name: string): boolean {
  return name === 'elicitation' || name === 'sampling' || name === 'roots' || name === 'extensions';
}

/** The same capabilities, of whose extensions only those are left that the gateway relays. */
function withRelayed(capabilities: string, { extensions }: Relaying): string {
  const relayed = extensions?.() ?? {};
  const members = membersOf(capabilities).map(([name, text]): [string, string] => {
    if (name !== 'extensions' || !text.startsWith('{')) return [name, text];
    return [name, writeObject(membersOf(text).filter(([extension]) => Object.hasOwn(relayed, extension)))];
  });
  return writeObject(members.filter(([name, text]) => name !== 'extensions' || text.startsWith('{"')));
}

function isSince(revision: Revision, since: Revision): boolean {
  return legacyRevisions.indexOf(revision) >= legacyRevisions.indexOf(since);
}

function objectText(member: JsonText | undefined, name: string): string {
  if (member === undefined) return '{}';
  if (!isJsonObject(member.value)) throw wrongParams(`"${name}" must be an object`);
  if (member.text.length > longestProfile) {
    throw wrongParams(
      `"${name}" has ${member.text.length} characters, the gateway keeps at most ${longestProfile}`,
    );
  }
  return member.text;
}
