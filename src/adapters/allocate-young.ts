import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 put all new objects where short-lived ones are collected. For servers, before they answer anything.
 *
 * It would put those from a place in the code whose earlier ones lived long into the old heap from then on ("allocation
 * site pretenuring"). Those of a call live as long as the call: one collection at a wrong moment is enough, and every
 * later call has an object in the old heap, which keeps all else of that call until the old heap is collected. With
 * grpc-js that came to an eighth of the time, and to pauses of 20 ms.
 */
export function allocateYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
