// A worker that makes one call after the other, each over a connection of its own, until it is told to stop, and tells
// how many milliseconds each took; Infinity where no result came. A thread of its own measures nothing but the gateway.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const { endpoint, text } = workerData;
const patienceMs = 20_000;
const fewest = 20;

function call() {
  return new Promise((resolve) => {
    const begun = performance.now();
    let received = '';
    const socket = connect(endpoint, () => socket.write(text));
    const end = () => {
      clearTimeout(limit);
      socket.destroy();
      resolve(received.includes('"result"') ? performance.now() - begun : Number.POSITIVE_INFINITY);
    };
    const limit = setTimeout(end, patienceMs);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (/"(result|error)":/.test(received)) end();
    });
    socket.on('close', end);
    socket.on('error', end);
  });
}

let isOver = false;
parentPort.on('message', () => {
  isOver = true;
});

// The first call of a caller may have to start something.
await call();
parentPort.postMessage('ready');
const measured = [];
while (!isOver || measured.length < fewest) {
  measured.push(await call());
  await sleep(20);
}
parentPort.postMessage(measured);
parentPort.close();
