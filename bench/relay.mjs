// The yardstick: the least that a relay in Node can do with node:http and its agent. It reads the message, forwards
// it and passes the answer on. No policy, no record, no check of who calls.
//   node relay.mjs PORT http UPSTREAM_PORT
//   node relay.mjs PORT stdio SCRIPT
import { spawn } from 'node:child_process';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { readLines } from './read-lines.mjs';

const [port, transport, upstream] = process.argv.slice(2);
const forward = transport === 'http' ? overHttp(Number(upstream)) : overStdio(upstream);

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    forward({ headers: request.headers, body, message: JSON.parse(body.toString()) }, (status, reply) => {
      response
        .writeHead(status, { 'content-type': 'application/json', 'content-length': reply.length })
        .end(reply);
    });
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(port), '127.0.0.1');

function overHttp(upstreamPort) {
  const agent = new Agent({ keepAlive: true });
  const passed = ['content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name'];
  return ({ headers, body }, done) => {
    const outgoing = { 'content-length': body.length };
    for (const name of passed) if (headers[name] !== undefined) outgoing[name] = headers[name];
    const options = {
      agent,
      host: '127.0.0.1',
      port: upstreamPort,
      path: '/mcp',
      method: 'POST',
      headers: outgoing,
    };
    const upstreamRequest = httpRequest(options, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('end', () => done(reply.statusCode, Buffer.concat(chunks)));
    });
    upstreamRequest.on('error', (cause) => done(502, Buffer.from(cause.message)));
    upstreamRequest.end(body);
  };
}

/** One child for all callers, so ids are rewritten: two callers may use the same. */
function overStdio(script) {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  let lastId = 0;
  readLines(child.stdout, (line) => {
    const reply = JSON.parse(line);
    const { id, done } = waiting.get(reply.id);
    waiting.delete(reply.id);
    reply.id = id;
    done(200, Buffer.from(JSON.stringify(reply)));
  });
  return ({ message }, done) => {
    lastId += 1;
    waiting.set(lastId, { id: message.id, done });
    message.id = lastId;
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
}
