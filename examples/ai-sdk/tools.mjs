// The tools of a gateway for the AI SDK: every call is decided, recorded and answered by the gateway.
//
//   SALLYPORT_URL=http://127.0.0.1:7777 SALLYPORT_KEY=sp_live_... npm start
import { pathToFileURL } from 'node:url';
import { createMCPClient } from '@ai-sdk/mcp';

/** Connects; `tools` go to `generateText({ tools })`, and `close` ends the connection. */
export async function gatewayTools({ url, key }) {
  const client = await createMCPClient({
    transport: {
      type: 'http',
      url: new URL('/mcp', url).href,
      headers: { Authorization: `Bearer ${key}` },
      // A gateway never redirects; whoever does is not the gateway.
      redirect: 'error',
    },
  });
  return { tools: await client.tools(), close: () => client.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { SALLYPORT_URL: url = 'http://127.0.0.1:7777', SALLYPORT_KEY: key = '' } = process.env;
  const { tools, close } = await gatewayTools({ url, key });
  console.log(Object.keys(tools).join('\n'));
  await close();
}
