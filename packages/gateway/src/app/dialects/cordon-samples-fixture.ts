/** The first file that seed 002 prints, as it is printed. */
export const gatewaySample = `// gateway.config.ts
import { defineConfig } from '@getcordon/policy';
export default defineConfig({
upstreams: [
{
identifier: 'financial-research-suite',
transport: 'stdio',
spawnCommand: 'npx',
spawnArgs: ['-y', 'agent-toolbelt-mcp'],
environment: {
UPSTREAM_API_KEY: process.env.UPSTREAM_API_KEY ?? '',
UPSTREAM_BASE_URL: 'https://agent-toolbelt-production.up.railway.app',
},
defaultAction: 'allow',
toolOverrides: {
stock_thesis: { action: 'approve', rationale: 'High-cost endpoint ($0.05/invocation)' },
moat_analysis: { action: 'approve', rationale: 'High-cost endpoint ($0.05/invocation)' },
bear_vs_bull: { action: 'approve', rationale: 'High-cost endpoint ($0.05/invocation)' },
compare_stocks: { action: 'approve', rationale: 'High-cost endpoint ($0.05/invocation)' },
},
},
],
gateway: {
transport: 'http',
listenPort: 7777,
auth: {
type: 'bearer',
token: process.env.GATEWAY_AUTH_TOKEN ?? '',
},
},
observability: {
auditEnabled: true,
logDestination: 'stdout',
format: 'json',
},
approvals: {
channel: 'terminal',
timeoutMs: 60_000,
},
});
`;

/** The second one. */
export const proxyGatewaySample = `// proxy-gateway.config.ts
import { defineConfig } from '@getcordon/policy';
export default defineConfig({
upstreams: [
{
identifier: 'production-tool-server',
transport: 'stdio',
spawnCommand: 'npx',
spawnArgs: ['-y', 'agent-toolbelt-mcp'],
environment: {
UPSTREAM_API_KEY: process.env.UPSTREAM_API_KEY ?? '',
UPSTREAM_BASE_URL: 'https://agent-toolbelt-production.up.railway.app',
},
defaultAction: 'allow',
toolOverrides: {
stock_thesis: { action: 'approve', rationale: 'Costs $0.05 per call' },
moat_analysis: { action: 'approve', rationale: 'Costs $0.05 per call' },
bear_vs_bull: { action: 'approve', rationale: 'Costs $0.05 per call' },
compare_stocks: { action: 'approve', rationale: 'Costs $0.05 per call' },
},
},
],
gateway: {
transport: 'http',
listenPort: 7777,
auth: {
type: 'bearer',
token: process.env.GATEWAY_AUTH_TOKEN ?? '',
},
},
observability: {
auditEnabled: true,
logDestination: 'stdout',
format: 'json',
},
approvals: {
channel: 'terminal',
timeoutMs: 45_000,
},
});
`;

/** A file of the real tool with one server `db` and whatever else. */
export function realCordonFile(server: object, rest: object = {}): string {
  const servers = [{ name: 'db', transport: 'stdio', command: 'npx', args: ['server'], ...server }];
  return JSON.stringify({ servers, ...rest });
}
