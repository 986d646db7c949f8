import { median } from '../median.ts';
import { connectCaller } from './connect-caller.ts';

const rounds = 400;
const requests = 60;
/** The first of a turn find the caches of the processor as the other server left them. */
const unmeasured = 20;

/**
 * Milliseconds of one caller's median request at each of `ports`, by turn. A turn takes some ten milliseconds, so that
 * all servers meet the same moments of the machine: turns of a second differ by more than a tenth between them.
 */
export async function loneCallerMedians(ports: readonly number[], request: Uint8Array): Promise<number[][]> {
  const callers = await Promise.all(ports.map((port) => connectCaller('http', port)));
  const medians: number[][] = ports.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    const turns = [...callers.entries()];
    // Each is as often behind the other.
    for (const [index, caller] of round % 2 === 0 ? turns : turns.toReversed()) {
      const times: number[] = [];
      for (let sent = 0; sent < requests; sent += 1) {
        const beganMs = performance.now();
        await caller.send(request);
        if (sent >= unmeasured) times.push(performance.now() - beganMs);
      }
      medians[index]?.push(median(times));
    }
  }
  for (const caller of callers) caller.close();
  return medians;
}
