import { decodeTensors } from '../training/decode-tensors.ts';
import { encodeTensors } from '../training/encode-tensors.ts';
import type { WorkerResult } from '../training/train-in-rounds.ts';

/** Where a worker has come to, or why it cannot come anywhere. */
export type ToldResult = WorkerResult | { readonly reason: string };

type Head = Pick<WorkerResult, 'loss' | 'rows'> | { readonly reason: string };

/** The bytes of what a worker came to. */
export function encodeWorkerResult(result: ToldResult): Uint8Array {
  if ('reason' in result) return encodeTensors(result, {});
  const { loss, rows, weights, states } = result;
  return encodeTensors({ loss, rows }, { weights, states });
}

/** What a worker came to, by its bytes. */
export function decodeWorkerResult(bytes: Uint8Array): ToldResult {
  const { head, groups } = decodeTensors<Head, 'weights' | 'states'>(bytes, 'the result of a worker');
  return 'reason' in head ? head : { ...head, ...groups };
}
