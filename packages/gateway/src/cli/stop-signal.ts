export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What a process that was ended by a signal answers: 128 and the number of the signal. */
export const signalExitCodes: Readonly<Record<StopSignal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** Resolves with the first signal that asks for an end; a second one ends the process at once. */
export function stopSignal(names: readonly StopSignal[] = ['SIGINT', 'SIGTERM']): Promise<StopSignal> {
  return new Promise((resolve) => {
    let asked = false;
    for (const name of names) {
      process.on(name, () => {
        if (asked) process.exit(signalExitCodes[name]);
        asked = true;
        resolve(name);
      });
    }
  });
}
