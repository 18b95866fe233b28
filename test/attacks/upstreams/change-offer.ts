import type { Offer, Script, ToolDefinition } from './fixture-server.mjs';

/** Changes what a fixture upstream says of itself, as the scripts of the corpus word it. False for what is no change. */
export function changeOffer(offer: Offer, script: Script): boolean {
  const { set_tools, add_tool, set_tool, change, rename_server, set_server_info, next, ...members } = script;
  if (typeof rename_server === 'string') offer.name = rename_server;
  if (set_server_info !== undefined) offer.about = set_server_info as Offer['about'];
  if (Array.isArray(set_tools)) offer.tools = set_tools.map(withSchema);
  else if (add_tool !== undefined) offer.tools = [...offer.tools, withSchema(add_tool as ToolDefinition)];
  else if (typeof set_tool === 'string') {
    offer.tools = offer.tools.map((tool) => (tool.name === set_tool ? changed(tool, String(change)) : tool));
  } else if (next === 'tools_list') offer.listMembers = members;
  else return set_server_info !== undefined;
  return true;
}

function withSchema(tool: ToolDefinition): ToolDefinition {
  return { inputSchema: { type: 'object' }, ...tool };
}

/** `change` is `path.of.member=JSON`, or `path.of.member+=JSON` to append to a list. */
function changed(tool: ToolDefinition, change: string): ToolDefinition {
  const [, path, plus, json] = /^([\w.]+)(\+?)=(.+)$/s.exec(change) ?? [];
  if (path === undefined || json === undefined) throw new Error(`no change of a tool: ${change}`);
  const copy = structuredClone(tool) as Record<string, unknown> & ToolDefinition;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder: Record<string, unknown> = copy;
  for (const name of names) holder = holder[name] as Record<string, unknown>;
  const value: unknown = JSON.parse(json);
  holder[last] = plus === '+' ? [...(holder[last] as unknown[]), ...(value as unknown[])] : value;
  return copy;
}
