import type { IncomingHttpHeaders } from 'node:http';
import { decodeHeaderValue } from '../lib/header-value.js';
import { mismatch } from './era.js';
import type { FaceOptions } from './face-options.js';
import type { Visit } from './http-visit.js';
import type { RequestMessage } from './message.js';
import { paramHeaderFault } from './param-headers.js';
import { excerpt } from './protocol-fault.js';

/** Methods whose target is repeated in `Mcp-Name`, and the member of `params` that names it. */
const nameMembers: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** Throws the -32020 fault where `Mcp-Method` or `Mcp-Name` is missing or says something else than the body. */
export function checkModernHeaders(request: RequestMessage, headers: IncomingHttpHeaders): void {
  const method = headers['mcp-method'];
  if (method !== request.method) {
    throw mismatch(describe('Mcp-Method', method, request.method), {
      mismatch: { header: clipped(method), body: excerpt(request.method) },
    });
  }
  const member = nameMembers.get(request.method);
  if (member === undefined) return;
  const target = request.params[member];
  if (typeof target !== 'string') return;
  const sent = headers['mcp-name'];
  const name = typeof sent === 'string' ? decodeHeaderValue(sent) : undefined;
  if (name === target) return;
  throw mismatch(describe('Mcp-Name', sent, target), {
    mismatch: { header: clipped(sent), body: excerpt(target) },
  });
}

/** Throws the -32020 fault where an `Mcp-Param-*` header contradicts the arguments of a tool the caller may see. */
export function checkParamHeaders(request: RequestMessage, visit: Visit, options: FaceOptions): void {
  const { name, arguments: args } = request.params;
  if (request.method !== 'tools/call' || typeof name !== 'string') return;
  const tool = options.locate(visit.endpoint, name);
  if (tool === undefined) return;
  const fault = paramHeaderFault(tool, args, visit.request.headers);
  // A hidden tool must answer like an unknown one, so its call goes on and is refused there.
  if (fault !== undefined && options.isVisible(tool, visit.principal)) throw mismatch(fault);
}

function describe(header: string, sent: string | string[] | undefined, body: string): string {
  if (sent === undefined) return `The ${header} header is missing, the body says ${quote(body)}`;
  return `The ${header} header says ${quote(String(sent))}, the body ${quote(body)}`;
}

function clipped(sent: string | string[] | undefined): string | null {
  return sent === undefined ? null : excerpt(String(sent));
}

function quote(foreign: string): string {
  return JSON.stringify(excerpt(foreign));
}
