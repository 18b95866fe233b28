import { UpstreamFailure } from '../model/upstream.js';
import type { Connection, ServerFacts } from './connection.js';
import type { Imported, RawList } from './import-definitions.js';
import { type ImportedPrompt, importPrompts } from './import-prompts.js';
import {
  type ImportedResource,
  type ImportedTemplate,
  importResources,
  importTemplates,
} from './import-resources.js';
import { type ImportedTool, importTools } from './import-tools.js';
import { listPages } from './list-pages.js';

/** What one upstream offers, list by list. */
export interface Offer {
  readonly tools: readonly ImportedTool[];
  readonly prompts: readonly ImportedPrompt[];
  readonly resources: readonly ImportedResource[];
  readonly templates: readonly ImportedTemplate[];
}

/** One of the lists that servers keep. */
export type OfferName = keyof Offer;

/** What a list of that name holds. */
export type OfferItem<Name extends OfferName> = Offer[Name][number];

/** Whom to ask for lists. */
export interface ListSource {
  readonly connection: Pick<Connection, 'request'>;
  readonly facts: ServerFacts;
}

export interface ListTerms {
  /** How long each page may take. */
  readonly timeoutMs: number;
  /** Takes known secrets out of the definitions. */
  readonly redact: (text: string) => string;
}

interface Way<Name extends OfferName> {
  readonly method: string;
  readonly member: string;
  readonly read: (list: RawList) => Imported<OfferItem<Name>>;
}

const ways: { readonly [Name in OfferName]: Way<Name> } = {
  tools: { method: 'tools/list', member: 'tools', read: importTools },
  prompts: { method: 'prompts/list', member: 'prompts', read: importPrompts },
  resources: { method: 'resources/list', member: 'resources', read: importResources },
  templates: { method: 'resources/templates/list', member: 'resourceTemplates', read: importTemplates },
};

const nothing = { items: [], rejected: [] };

/**
 * Asks for one list; gives what takes it over, which may be a lot of work. Tools are asked for in any case, as some servers
 * forget to say that they have any; of the rest, what the server does not claim to have is not asked for. Rejects with
 * UpstreamFailure.
 */
export async function listOffer<Name extends OfferName>(
  name: Name,
  { connection, facts }: ListSource,
  { timeoutMs, redact }: ListTerms,
): Promise<() => Imported<OfferItem<Name>>> {
  const { method, member, read }: Way<Name> = ways[name];
  if (!isThere(name, facts)) return () => nothing;
  const pages = await listPages(connection, { method, member, timeoutMs });
  if (pages !== undefined) return () => read({ pages, redact });
  if (name !== 'tools' || !facts.tools) return () => nothing;
  throw new UpstreamFailure('malformed', `it claims to have tools and does not know ${method}`, true);
}

function isThere(name: OfferName, facts: ServerFacts): boolean {
  if (name === 'tools') return true;
  return name === 'prompts' ? facts.prompts : facts.resources;
}
