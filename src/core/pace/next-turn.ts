import { systemTimers } from '../system-timers.ts';

/** Waits until the event loop has turned once: what has arrived by now is handed on meanwhile. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => systemTimers.afterTurn(resolve));
}
