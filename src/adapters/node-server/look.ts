import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Waits for `ms`, then until what lies in the sockets was read: the second turn of the event loop ends after that. */
export async function look(ms: number): Promise<void> {
  await sleep(ms);
  await nextTurn();
  await nextTurn();
}
