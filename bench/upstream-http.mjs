// A fast MCP server over HTTP, modern revision only; refuses requests whose headers do not match their body.
import { createServer } from 'node:http';
import { answer, revision } from './echo-server.mjs';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString());
    const refusal = mismatch(request.headers, message);
    if (refusal !== undefined) {
      const error = { code: -32020, message: refusal };
      return reply(response, 400, { jsonrpc: '2.0', id: message.id, error });
    }
    const answered = answer(message);
    return answered === undefined ? response.writeHead(202).end() : reply(response, 200, answered);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(process.argv[2]), '127.0.0.1');

function mismatch(headers, { id, method, params }) {
  if (id === undefined) return undefined;
  if (headers['mcp-protocol-version'] !== revision)
    return 'Mcp-Protocol-Version is not the revision of the body';
  if (params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== revision)
    return 'the envelope has another revision';
  if (headers['mcp-method'] !== method) return 'Mcp-Method is not the method of the body';
  if (method === 'tools/call' && headers['mcp-name'] !== params.name)
    return 'Mcp-Name is not the name in the body';
  return undefined;
}

function reply(response, status, message) {
  const body = Buffer.from(JSON.stringify(message));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}
