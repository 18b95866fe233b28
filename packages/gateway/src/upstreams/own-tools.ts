import { parseJson } from '../lib/json/parse-json.js';
import type { ForwardRequest, UpstreamReply } from '../model/upstream.js';
import type { CatalogueSource } from './catalogue.js';
import { type ImportedTool, importTools } from './import-tools.js';
import { ownUpstream } from './own-upstream.js';

/** A tool that the gateway answers itself: listed, decided on and recorded like any other. */
export interface OwnTool {
  /** As imported from what a server would list; made once, so that the catalogue keeps it. */
  readonly tool: ImportedTool;
  answer(request: ForwardRequest): Promise<UpstreamReply>;
}

/** Makes a tool of the gateway's own; throws for a definition that would not pass import. */
export function createOwnTool(definition: object, answer: OwnTool['answer']): OwnTool {
  const page = parseJson(JSON.stringify([definition]));
  const { items, rejected } = importTools({ pages: [page], redact: (text) => text });
  const [tool] = items;
  if (tool === undefined) throw new Error(rejected[0]?.reason ?? 'the definition is none');
  return { tool, answer };
}

/** The gateway's own tools as a part of the catalogue. They stand first, so that their names are theirs. */
export class OwnTools {
  /** Those that the configuration in force offers. */
  readonly #tools: () => readonly OwnTool[];

  constructor(tools: () => readonly OwnTool[]) {
    this.#tools = tools;
  }

  /** None where the gateway offers none, so that nobody's names are affected. */
  sources(): CatalogueSource<OwnTools>[] {
    const tools = this.#tools().map(({ tool }) => tool);
    if (tools.length === 0) return [];
    const offer = { tools, prompts: [], resources: [], templates: [] };
    return [{ upstream: ownUpstream, owner: this, always: false, offer }];
  }

  async forward(request: ForwardRequest): Promise<UpstreamReply> {
    const own = this.#tools().find(({ tool }) => tool.name === request.target.name);
    if (own !== undefined) return own.answer(request);
    return {
      kind: 'error',
      error: { code: -32602, message: 'The gateway does not offer this tool any more.' },
    };
  }
}
