import type { IncomingHttpHeaders } from 'node:http';
import { decodeHeaderValue } from '../lib/header-value.js';
import { valueAt } from '../lib/json/value-at.js';
import type { JsonValue } from '../model/json.js';
import type { Tool } from '../model/tool.js';
import { headerParams } from '../upstreams/mcp-param.js';

/** Says which `Mcp-Param-*` header contradicts the arguments; undefined when none does. */
export function paramHeaderFault(
  tool: Tool,
  args: JsonValue | undefined,
  headers: IncomingHttpHeaders,
): string | undefined {
  for (const { header, path } of headerParams(tool.inputSchema)) {
    const value = valueAt(args, path);
    const sent = headers[header.toLowerCase()];
    if (agrees(value, sent)) continue;
    const place = JSON.stringify(path.join('.'));
    return sent === undefined
      ? `The header ${header} is missing, but the arguments have ${place}`
      : `The header ${header} differs from the argument ${place}`;
  }
  return undefined;
}

function agrees(value: JsonValue | undefined, sent: string | string[] | undefined): boolean {
  if (value === undefined || value === null) return sent === undefined;
  if (typeof sent !== 'string') return false;
  const text = decodeHeaderValue(sent);
  if (text === undefined) return false;
  if (typeof value === 'number') return isDecimal(text) && Number(text) === value;
  if (typeof value === 'bigint') return isDecimal(text) && text.replace(/\.0*$/, '') === value.toString();
  if (typeof value === 'boolean') return text === String(value);
  return text === value;
}

function isDecimal(text: string): boolean {
  return /^-?\d{1,1000}(?:\.\d{1,1000})?$/.test(text);
}
