import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// To look for what is dead of it costs some 100 ms of processor time, of several threads.
const growthBytes = 4_000_000;

/**
 * Has V8 collect what is dead soon. Left to itself it lets the heap, and the buffers beside it, grow with the length of
 * a job, to twice the memory and more; most of what a job allocates is dead within a window of records.
 *
 * To be called now and then: what is given back collects the old heap once it has grown by 4 MB. V8 waits until it has
 * grown by half, whatever its flags say.
 */
export function keepHeapSmall(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let least = oldBytes();
  return () => {
    const used = oldBytes();
    if (used > least + growthBytes) {
      collect();
      least = oldBytes();
    } else least = Math.min(least, used);
  };
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? 0;
}
