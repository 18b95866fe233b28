import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameOfCommand, nameOfUrl } from './upstream-name.js';

test.each([
  ['npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /tmp', 'filesystem'],
  ['npx --package x some-mcp-server', 'some'],
  ['uvx mcp-server-git --repository .', 'git'],
  ['uv tool run mcp_weather', 'weather'],
  ['pnpm dlx @scope/github-mcp', 'github'],
  ['node /opt/weather/dist/index.js', 'weather'],
  ['python -m my_server', 'my'],
  ['node -e code', 'node'],
  ['/usr/local/bin/notes-server --fast', 'notes'],
  ['./server.js', 'server'],
  ['C:\\tools\\Memory.exe', 'memory'],
])('names a server that is started after its package: %s', (line, name) => {
  const [command = '', ...args] = line.split(' ');
  expect(nameOfCommand(command, args)).toBe(name);
});

test.each([
  ['https://mcp.linear.app/mcp', 'linear'],
  ['https://api.githubcopilot.com/mcp/', 'githubcopilot'],
  ['http://localhost:3000/mcp', 'localhost'],
  ['http://127.0.0.1:3000/mcp', 'server'],
  ['http://[::1]:3000/mcp', 'server'],
])('names a server that is reached after its host: %s', (url, name) => {
  expect(nameOfUrl(url)).toBe(name);
});

test('always gives an id that a configuration accepts', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (command, args) => {
      expect(nameOfCommand(command, args)).toMatch(/^[a-z0-9][a-z0-9-]{0,31}$/);
    }),
  );
});
