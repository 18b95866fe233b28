import { elementsOf, membersOf, writeObject } from '../lib/json/members.js';

/** What a URI becomes; the same text where it stays. */
export type UriRewrite = (uri: string) => string;

type TextMap = (text: string) => string;

/**
 * Rewrites the URIs that a client may read later, in the JSON text of a result or of a definition: of links, embedded
 * resources, contents, and what MCP Apps refer to. What stays is the same text to the byte; data of tools is left alone.
 */
export function rewriteUris(text: string, rewrite: UriRewrite): string {
  const uri: TextMap = (value) => {
    const before = JSON.parse(value) as unknown;
    if (typeof before !== 'string') return value;
    const after = rewrite(before);
    return after === before ? value : JSON.stringify(after);
  };
  const meta = members({ ui: members({ resourceUri: uri }), 'ui/resourceUri': uri });
  const content = members({ uri, _meta: meta });
  const block = members({ uri, resource: content, _meta: meta });
  const blocks: TextMap = (value) => (value.startsWith('{') ? block(value) : elements(block)(value));
  const messages = elements(members({ content: blocks }));
  return members({ content: blocks, contents: elements(content), messages, _meta: meta })(text);
}

function members(maps: Readonly<Record<string, TextMap>>): TextMap {
  return (text) => {
    if (!text.startsWith('{')) return text;
    const before = membersOf(text);
    const after = before.map(([name, value]): [string, string] => {
      const map = Object.hasOwn(maps, name) ? maps[name] : undefined;
      return [name, map?.(value) ?? value];
    });
    return after.every(([, value], index) => value === before[index]?.[1]) ? text : writeObject(after);
  };
}

function elements(map: TextMap): TextMap {
  return (text) => {
    if (!text.startsWith('[')) return text;
    const before = elementsOf(text);
    const after = before.map(map);
    return after.every((value, index) => value === before[index]) ? text : `[${after.join(',')}]`;
  };
}
