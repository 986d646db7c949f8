import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect what is dead soon. Left to itself it lets the heap, and the buffers beside it, grow with the length of a
 * job, to twice the memory and more; most of what a job allocates is dead within a window of records.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}
