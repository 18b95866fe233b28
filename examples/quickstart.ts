// A server behind the gateway, a session with a budget, a governed call, and what the gateway wrote down of it.
//
//   npm start                                                                   in one terminal
//   npx @modelcontextprotocol/server-everything streamableHttp                  in another
//   npx sallyport keys create --principal me --roles admin,agent --config .sallyport/demo/sallyport.config.yaml
//   SALLYPORT_KEY=sp_live_... npx jiti examples/quickstart.ts
import { PolicyDenied, SallyportClient } from '@sallyport/client';

const {
  SALLYPORT_URL: baseUrl = 'http://127.0.0.1:7777',
  SALLYPORT_KEY: token,
  UPSTREAM_URL: upstream = 'http://127.0.0.1:3001/mcp',
} = process.env;
const gateway = new SallyportClient({ baseUrl, token });

// A server is put behind the gateway. Nothing may be called there before a rule says so.
await gateway.registerUpstream('sample', upstream);
await gateway.policies.put('sample', {
  rules: [{ id: 'sample-echo', match: { tools: ['sample:echo'] }, effect: 'allow' }],
});

// What the agent may do, for how long and for how much. It gets the token of the session, and no other.
const session = await gateway.createSession({
  agent_id: 'my-agent',
  scopes: ['read', 'execute', 'spend:25'],
  ttl: 3600,
});
const agent = gateway.inSession(session.session_id);

// The call is authenticated, checked, recorded and forwarded; nothing of that is the program's business.
console.log(await agent.proxyCall({ tool: 'sample.echo', arguments: { message: 'hello' } }));

try {
  await agent.proxyCall({ tool: 'sample.get-tiny-image' });
} catch (refusal) {
  if (!(refusal instanceof PolicyDenied)) throw refusal;
  console.log(`Refused: ${refusal.message}`);
}

const { remaining_budget } = await gateway.session(session.id);
console.log(`Left of the budget: ${remaining_budget}`);
for await (const { at, caller, tool, effect } of gateway.audit({ type: ['call.decided'], limit: 2 })) {
  console.log(`${at} ${caller?.id} ${tool?.name} ${effect}`);
  if (tool?.name === 'echo') break;
}
