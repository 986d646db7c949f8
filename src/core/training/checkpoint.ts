import { decodeTensors } from './decode-tensors.ts';
import { encodeTensors } from './encode-tensors.ts';
import type { FitProgress } from './fit-progress.ts';

/** A training as a file: what it is of, and how far it is. */
export interface Checkpoint {
  /** Of data, recipe and model: another training has another one. */
  readonly id: string;
  readonly progress: FitProgress;
  /**
   * Of the pass that is under way, where one is: how many of its batches are done, and the sum of the losses of their
   * rows.
   */
  readonly pass?: { readonly batches: number; readonly loss: number } | undefined;
}

interface Head extends Pick<Checkpoint, 'id' | 'pass'>, Pick<FitProgress, 'curve' | 'steps'> {
  readonly form: 3;
  /** Before the first pass there is no loss: JSON has no infinity. */
  readonly best: { readonly epoch: number; readonly loss: number | null };
}

/** A checkpoint's bytes. */
export function encodeCheckpoint({ id, progress, pass }: Checkpoint): Uint8Array {
  const { curve, best, steps, weights, states } = progress;
  const head: Head = { form: 3, id, curve, best: { epoch: best.epoch, loss: best.loss }, steps, pass };
  return encodeTensors(head, { best: best.weights, weights, states });
}

/** The checkpoint that bytes are. Throws an Error for what is none. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const what = 'a checkpoint of a training';
  const { head, groups } = decodeTensors<Head, 'best' | 'weights' | 'states'>(bytes, what);
  const { form, id, curve, best, steps, pass } = head;
  if (form !== 3) throw new Error(`expected ${what}`);
  const { best: bestWeights, weights, states } = groups;
  const { epoch, loss } = best;
  const kept = { epoch, loss: loss ?? Number.POSITIVE_INFINITY, weights: bestWeights };
  return { id, pass, progress: { curve, best: kept, steps, weights, states } };
}
