// The tools of a gateway for LangChain: every call is decided, recorded and answered by the gateway.
//
//   SALLYPORT_URL=http://127.0.0.1:7777 SALLYPORT_KEY=sp_live_... npm start
import { pathToFileURL } from 'node:url';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';

/** Connects; `tools` go to an agent, and `close` ends the connection. */
export async function gatewayTools({ url, key }) {
  const client = new MultiServerMCPClient({
    mcpServers: {
      sallyport: {
        transport: 'http',
        url: new URL('/mcp', url).href,
        headers: { Authorization: `Bearer ${key}` },
        automaticSSEFallback: false,
      },
    },
  });
  return { tools: await client.getTools(), close: () => client.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { SALLYPORT_URL: url = 'http://127.0.0.1:7777', SALLYPORT_KEY: key = '' } = process.env;
  const { tools, close } = await gatewayTools({ url, key });
  console.log(tools.map(({ name }) => name).join('\n'));
  await close();
}
