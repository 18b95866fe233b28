import { connect } from 'node:net';

/** One keep-alive connection with one request under way at a time; `send` calls back with status and body, 0 when it broke. */
export function httpChannel({ port, token }) {
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'MCP-Protocol-Version: 2026-07-28',
    'Mcp-Method: tools/call',
    'Mcp-Name: echo',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    'Content-Length: ',
  ].join('\r\n');
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let received = Buffer.alloc(0);
  let onReply;
  const settle = (status, body) => {
    const done = onReply;
    onReply = undefined;
    done?.(status, body);
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const reply = readReply(received);
    if (reply === undefined) return;
    received = received.subarray(reply.end);
    settle(reply.status, reply.body);
  });
  socket.on('error', (cause) => settle(0, cause.message));
  socket.on('close', () => settle(0, 'the connection was closed'));
  return {
    kept: false,
    send(_id, body, done) {
      onReply = done;
      if (socket.destroyed) return settle(0, 'the connection was closed');
      return socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    },
    close: () => socket.destroy(),
  };
}

/** The first whole reply in the bytes received so far. */
function readReply(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.latin1Slice(0, headEnd);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  const start = headEnd + 4;
  if (length === null) return readChunks(bytes, start, status);
  const end = start + Number(length[1]);
  return end > bytes.length ? undefined : { status, body: bytes.utf8Slice(start, end), end };
}

function readChunks(bytes, start, status) {
  const parts = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.latin1Slice(at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size))
      return { status: 0, body: 'a reply with neither length nor chunks', end: bytes.length };
    if (next > bytes.length) return undefined;
    if (size === 0) return { status, body: Buffer.concat(parts).toString(), end: next };
    parts.push(bytes.subarray(lineEnd + 2, next - 2));
    at = next;
  }
}
