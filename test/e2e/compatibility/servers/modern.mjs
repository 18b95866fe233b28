// `modern.mjs stdio|http PORT NOTES`: a server on the SDK 2.x that speaks 2026-07-28 and nothing else.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  inputResponse,
  McpServer,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { definitions, elicitationParams, run, said, samplingParams, startedWith } from './offer.mjs';

const { mode, port, notes } = startedWith();
const codec = createRequestStateCodec({ key: 'a key of 32 bytes or more, and no secret at all' });

function buildServer() {
  const server = new McpServer(
    { name: 'modern', version: '1.0.0' },
    { requestState: { verify: (state, ctx) => codec.verify(state, ctx) } },
  );
  for (const { name, description, inputSchema } of definitions) {
    const config = { description, inputSchema: fromJsonSchema(inputSchema) };
    server.registerTool(name, config, (args, ctx) => call(name, args, ctx));
  }
  return server;
}

function call(name, args, ctx) {
  if (name === 'ask') return ask(inputRequired.elicit(elicitationParams(args.question)), ctx);
  if (name === 'consult') return consult(args.question, ctx);
  if (name === 'sample') return ask(inputRequired.createMessage(samplingParams(args.prompt)), ctx);
  const progressToken = ctx.mcpReq._meta?.progressToken;
  const notify = (progress) =>
    ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, ...progress } });
  return run(name, args, {
    signal: ctx.mcpReq.signal,
    notify: progressToken === undefined ? undefined : notify,
    notes,
  });
}

function ask(question, ctx) {
  const answer = inputResponse(ctx.mcpReq.inputResponses, 'the-question');
  if (answer.kind === 'missing') return inputRequired({ inputRequests: { 'the-question': question } });
  return { content: [said(JSON.stringify(answer.kind === 'sampling' ? answer.result : answer))] };
}

/** Two rounds: what the user said in the first is in the state of the second. */
async function consult(question, ctx) {
  const user = ctx.mcpReq.requestState() ?? answerTo('user', ctx);
  if (user === undefined) {
    return inputRequired({ inputRequests: { user: inputRequired.elicit(elicitationParams(question)) } });
  }
  const model = answerTo('model', ctx);
  if (model !== undefined) return { content: [said(JSON.stringify([user, model]))] };
  return inputRequired({
    inputRequests: { model: inputRequired.createMessage(samplingParams(question)) },
    requestState: await codec.mint(user, ctx),
  });
}

function answerTo(key, ctx) {
  const answer = inputResponse(ctx.mcpReq.inputResponses, key);
  return answer.kind === 'missing' ? undefined : answer;
}

if (mode === 'stdio') {
  serveStdio(buildServer, { legacy: 'reject' });
} else {
  const serve = toNodeHandler(createMcpHandler(buildServer, { legacy: 'reject' }));
  const server = createServer((request, response) => void serve(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
}
