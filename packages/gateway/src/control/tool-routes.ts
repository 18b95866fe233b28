import { pageQuery, toolPageSchema } from '#contract';
import { membersOf, writeObject } from '../lib/json/members.js';
import { Refusal } from '../model/refusal.js';
import type { Tool } from '../model/tool.js';
import type { GovernListing } from '../pipeline/govern-listing.js';
import { refusalProblem } from './refusal-problem.js';
import { Problem } from './rest/problem.js';
import { everyRole, type Route, route } from './rest/route.js';

export interface ToolSource {
  readonly governListing: GovernListing;
}

/** `/v1/tools`: what the caller may see, decided and recorded as over MCP. */
export function toolRoutes({ governListing }: ToolSource): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/v1/tools',
        id: 'listVisibleTools',
        resource: 'tools',
        summary: 'The tools that the caller may see',
        access: everyRole,
        query: pageQuery,
        replies: { 200: toolPageSchema },
        problems: ['audit_unavailable', 'kill_switch', 'session_invalid'],
      },
      async ({ principal, query: { cursor, limit } }) => {
        const arrival = { transport: 'rest', revision: '2026-07-28' } as const;
        const tools = await governListing({ list: 'tools', principal, arrival }).catch(refused);
        const from =
          cursor === undefined ? 0 : tools.findIndex(({ exposedName }) => exposedName === cursor) + 1;
        if (cursor !== undefined && from === 0)
          throw new Problem(
            'invalid_query',
            'cursor: the tool that it names is not there any more; begin anew',
          );
        const page = tools.slice(from, from + limit);
        const last = page.at(-1);
        const hasMore = last !== undefined && from + limit < tools.length;
        const text = writeObject([
          ['count', String(page.length)],
          ['tools', `[${page.map(toolText).join(',')}]`],
          ...(hasMore ? ([['next_cursor', JSON.stringify(last.exposedName)]] as const) : []),
        ]);
        return { status: 200, text };
      },
    ),
  ];
}

/** The definition as the upstream sent it, under the name by which callers know it. */
function toolText({ definition, exposedName, upstream, digest }: Tool): string {
  const own = membersOf(definition.text).filter(([name]) => !['name', 'upstream', 'digest'].includes(name));
  const ours = [
    ['name', JSON.stringify(exposedName)],
    ['upstream', JSON.stringify(upstream)],
    ['digest', JSON.stringify(digest)],
  ] as const;
  return writeObject([...ours, ...own]);
}

function refused(cause: unknown): never {
  throw cause instanceof Refusal ? refusalProblem(cause) : cause;
}
