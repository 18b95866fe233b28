import { relative } from 'node:path';
import pc from 'picocolors';
import type { DemoFolder } from './demo-files.js';
import type { DemoKeys } from './demo-keys.js';

export interface Demo {
  readonly url: string;
  readonly keys: DemoKeys;
  readonly folder: DemoFolder;
}

/** What the demo shows first: where it is, who may call, and three lines to try. */
export function demoScreen({ url, keys, folder }: Demo): string[] {
  const { bold } = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  const config = relative(process.cwd(), folder.config);
  const client = {
    mcpServers: {
      sallyport: { type: 'http', url: `${url}/mcp`, headers: { Authorization: `Bearer ${keys.agent}` } },
    },
  };
  return [
    '',
    bold('Sallyport is running: two real MCP servers behind one policy.'),
    '',
    `  Endpoint    ${url}/mcp`,
    `  Agent key   ${keys.agent}`,
    `  Policy      ${config} (change it and watch; it is written anew at the next start)`,
    `  Files       ${relative(process.cwd(), folder.files)}`,
    '',
    bold('For an MCP client:'),
    JSON.stringify(client, null, 2),
    '',
    bold('An allowed call:'),
    callLine(url, keys.agent, { name: 'read_text_file', arguments: { path: 'welcome.md' } }),
    '',
    bold('A denied call:'),
    callLine(url, keys.agent, { name: 'write_file', arguments: { path: 'welcome.md', content: 'mine' } }),
    '',
    bold('The audit trail, with the key of an auditor:'),
    `curl -s '${url}/v1/audit/records?limit=5' -H 'Authorization: Bearer ${keys.auditor}'`,
    '',
    `Or follow it in another terminal: npx sallyport audit tail --config ${config}`,
    'Ctrl-C ends the gateway and its servers.',
    '',
  ];
}

function callLine(url: string, key: string, params: object): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return `curl -s ${url}/mcp -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${body}'`;
}
