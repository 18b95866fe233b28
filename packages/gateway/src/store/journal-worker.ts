import { parentPort, workerData } from 'node:worker_threads';
import { Ingest } from './ingest.js';
import type { FromWorker, SegmentTask, ToWorker, WorkerData } from './ingest-messages.js';

/** Runs in a thread of its own: SQLite works synchronously, and its pauses shall not be the calls' pauses. */
function serve(): void {
  if (parentPort === null) throw new Error('the journal worker runs in a worker thread only');
  const port = parentPort;
  const { database, folder } = workerData as WorkerData;
  const send = (message: FromWorker): void => port.postMessage(message);
  let ingest: Ingest | undefined;

  function bringIn(task: SegmentTask): void {
    ingest ??= new Ingest(database, folder);
    ingest.bringIn(task, {
      progress: (name, position) => send({ kind: 'progress', name, position }),
      damaged: (name, lines) => send({ kind: 'damaged', name, lines }),
      vanished: (name) => send({ kind: 'vanished', name }),
      finished: (name, damagedLines) => send({ kind: 'finished', name, damagedLines }),
    });
  }

  function pass(tasks: readonly SegmentTask[]): void {
    const faults: string[] = [];
    if (ingest?.isInPlace() === false) {
      faults.push(`${database} was removed or replaced; it is opened anew`);
      ingest = closed(ingest);
    }
    for (const task of tasks) {
      try {
        bringIn(task);
      } catch (cause) {
        faults.push(`${task.name}: ${cause instanceof Error ? cause.message : String(cause)}`);
        // After an error nobody knows the connection's state; a fresh one reads what is really there.
        ingest = closed(ingest);
      }
    }
    send({ kind: 'done', ...(faults.length === 0 ? {} : { fault: faults.join('; ') }) });
  }

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'ingest') return pass(message.tasks);
    ingest = closed(ingest);
    port.close();
  });
}

function closed(ingest: Ingest | undefined): undefined {
  try {
    ingest?.close();
  } catch {
    return undefined;
  }
  return undefined;
}

serve();
