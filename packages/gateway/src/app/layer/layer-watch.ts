import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../model/log.js';
import type { LayerTable } from '../../store/layer-table.js';

/** Every gateway on a store is at what was made over any of them this long after. */
const lookMs = 1000;

export interface LayerWatchParts {
  readonly table: Pick<LayerTable, 'changes'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The number of changes that is in force. */
  readonly known: () => number;
  /** The number that was in force when the watch begins. */
  readonly start: number;
  /** Something was changed by another process. Called again for the same number only after it has failed. */
  readonly onChange: () => Promise<void>;
}

/** Looks whether another process has changed what is made over REST, until it is ended. */
export function watchLayer({ table, clock, log, known, start, onChange }: LayerWatchParts): () => void {
  let told = start;
  let cancel = () => {};
  let ended = false;
  const look = async (): Promise<void> => {
    const changes = table.changes();
    if (changes === known() || changes === told) return;
    await onChange();
    told = changes;
  };
  const lookAgain = (): void => {
    cancel = clock.after(lookMs, () => {
      look()
        .catch((cause: unknown) => log.error({ err: cause }, 'what was made over REST cannot be read'))
        .finally(() => {
          if (!ended) lookAgain();
        });
    });
  };
  lookAgain();
  return () => {
    ended = true;
    cancel();
  };
}
