import { joinBytes } from '../../protocol/join-bytes.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import type { FitProgress } from './fit-progress.ts';

/** A training as a file: what it is of, and how far it is. */
export interface Checkpoint {
  /** Of data, recipe and model: another training has another one. */
  readonly id: string;
  readonly progress: FitProgress;
}

type Tensors = ReadonlyMap<string, FixedTensor>;
type Entry = readonly [name: string, datatype: FixedTensor['datatype'], shape: readonly number[], bytes: number];

interface Head {
  readonly form: 1;
  readonly id: string;
  readonly curve: FitProgress['curve'];
  readonly best: { readonly epoch: number; readonly loss: number };
  readonly steps: number;
  readonly tensors: Readonly<Record<'best' | 'weights' | 'states', readonly Entry[]>>;
}

const lengthBytes = 4;

/** A checkpoint's bytes: the length of its head, the head in JSON, and elements in a row. */
export function encodeCheckpoint({ id, progress }: Checkpoint): Uint8Array {
  const { curve, best, steps, weights, states } = progress;
  const all = { best: best.weights, weights, states };
  const entries = (tensors: Tensors): Entry[] =>
    Array.from(tensors, ([name, { datatype, shape, data }]) => [name, datatype, shape, data.length]);
  const tensors = {
    best: entries(all.best),
    weights: entries(all.weights),
    states: entries(all.states),
  };
  const head: Head = { form: 1, id, curve, best: { epoch: best.epoch, loss: best.loss }, steps, tensors };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(lengthBytes);
  new DataView(length.buffer).setUint32(0, text.length, true);
  const data = Object.values(all).flatMap((each) => Array.from(each.values(), (tensor) => tensor.data));
  return joinBytes([length, text, ...data]);
}

/** The checkpoint that bytes are. Throws an Error for what is none. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const head = headOf(bytes);
  let at = lengthBytes + headBytes(bytes);
  const take = (entries: readonly Entry[]): Tensors =>
    new Map(
      entries.map(([name, datatype, shape, length]) => {
        const data = bytes.slice(at, at + length);
        at += length;
        if (data.length !== length) throw new Error('the checkpoint ends too early');
        return [name, { datatype, shape, data }];
      }),
    );
  const { id, curve, best, steps, tensors } = head;
  const found = { best: take(tensors.best), weights: take(tensors.weights), states: take(tensors.states) };
  return {
    id,
    progress: {
      curve,
      best: { ...best, weights: found.best },
      steps,
      weights: found.weights,
      states: found.states,
    },
  };
}

function headBytes(bytes: Uint8Array): number {
  return bytes.length < lengthBytes ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function headOf(bytes: Uint8Array): Head {
  try {
    const text = new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + headBytes(bytes)));
    const head = JSON.parse(text) as Head;
    if (head.form === 1) return head;
  } catch {
    // Told below, as what is JSON, but no head.
  }
  throw new Error('expected a checkpoint of a training');
}
