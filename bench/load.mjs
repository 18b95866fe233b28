// The generator, in a process of its own so that its cost is the same for every target. Takes one job at a time by
// message, runs it as a closed loop over raw sockets (or pipes), checks every reply and answers with the figures.
import { httpChannel } from './http-channel.mjs';
import { stdioChannel } from './stdio-channel.mjs';

const graceMs = 5000;
const kept = new Map();
let lastId = 0;

process.on('message', (job) => void run(job).then((result) => process.send(result)));
process.on('disconnect', () => process.exit(0));

async function run({ target, concurrency, seconds, calls = Number.POSITIVE_INFINITY }) {
  const channels = openChannels(target, concurrency);
  const result = { calls: 0, errors: 0, samples: [], micros: [] };
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let started = 0;
  let stopped = false;
  const loop = (channel) =>
    new Promise((resolve) => {
      const next = () => {
        if (stopped || started >= calls || performance.now() >= end) return resolve();
        started += 1;
        lastId += 1;
        const id = lastId;
        const text = textOf(id);
        const sentAt = performance.now();
        channel.send(id, bodyOf(id, text), (status, reply) => {
          result.micros.push((performance.now() - sentAt) * 1000);
          const fault = faultOf(status, reply, { id, text });
          if (fault === undefined) result.calls += 1;
          else note(result, fault);
          if (fault === undefined || status > 0) next();
          else resolve();
        });
      };
      next();
    });
  const finished = Promise.all(channels.map(loop));
  let timer;
  const overdue = new Promise((resolve) => {
    timer = setTimeout(
      () => {
        stopped = true;
        note(
          result,
          `${started - result.calls - result.errors} calls had no answer ${graceMs} ms after the end`,
        );
        resolve();
      },
      seconds * 1000 + graceMs,
    );
  });
  await Promise.race([finished, overdue]);
  clearTimeout(timer);
  const tookSeconds = (performance.now() - begun) / 1000;
  for (const channel of channels) if (!channel.kept) channel.close();
  return figures(result, tookSeconds);
}

function openChannels(target, concurrency) {
  if (target.transport === 'http') return Array.from({ length: concurrency }, () => httpChannel(target));
  // The child stays for the next job, warm as the other targets are.
  if (!kept.has(target.script)) kept.set(target.script, stdioChannel(target.script));
  const shared = kept.get(target.script);
  return Array.from({ length: concurrency }, () => shared);
}

function textOf(id) {
  return `call ${id} in Zürich, 日本 `.padEnd(58, '.');
}

const meta = JSON.stringify({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
});

function bodyOf(id, text) {
  const args = `{"text":${JSON.stringify(text)}}`;
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":${args},"_meta":${meta}}}`;
}

/** What is wrong with a reply, in words; nothing when it is the right one. Status 0 means that the connection is gone. */
function faultOf(status, reply, { id, text }) {
  if (status !== 200) return `status ${status}: ${reply.slice(0, 200)}`;
  let message;
  try {
    message = JSON.parse(reply);
  } catch {
    return `no JSON: ${reply.slice(0, 200)}`;
  }
  if (message.id !== id) return `id ${message.id} instead of ${id}`;
  if (message.result?.isError === true || message.result?.content?.[0]?.text !== text) {
    return `wrong answer: ${reply.slice(0, 200)}`;
  }
  return undefined;
}

function note(result, fault) {
  result.errors += 1;
  if (result.samples.length < 3) result.samples.push(fault);
}

function figures({ calls, errors, samples, micros }, tookSeconds) {
  const sorted = Float64Array.from(micros).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { calls, errors, samples, p50Us: at(0.5), p99Us: at(0.99), perSecond: calls / tookSeconds };
}
