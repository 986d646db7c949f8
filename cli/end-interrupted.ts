import { tellInterrupted } from './tell-interrupted.ts';

/** Says how a batch job goes on that Ctrl-C interrupts, and ends the process. */
export function endInterrupted(): void {
  tellInterrupted();
  process.exit();
}
