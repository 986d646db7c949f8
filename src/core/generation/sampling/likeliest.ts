/**
 * The tokens with the highest logits, `count` at most, best first; of two alike the lower one. Those below `floor` are
 * left out.
 *
 * One pass over the logits with a heap of those found: no sorting of all.
 */
export function likeliest(logits: Float32Array, count: number, floor = Number.NEGATIVE_INFINITY): Int32Array {
  const heap = new Int32Array(Math.min(count, logits.length));
  let size = 0;
  let least = floor;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] as number;
    // What is no number is never at least something.
    if (!(logit >= least)) continue;
    if (size < heap.length) {
      heap[size] = token;
      size += 1;
      raise(heap, size - 1, logits);
      if (size === heap.length) least = Math.max(floor, logits[heap[0] as number] as number);
    } else if (size > 0 && logit > least) {
      heap[0] = token;
      lower(heap, size, logits);
      least = Math.max(floor, logits[heap[0] as number] as number);
    }
  }
  return heap.subarray(0, size).sort((one, other) => (isWorse(logits, one, other) ? 1 : -1));
}

/** Whether `one` goes before `other` out of the heap, whose first is the worst. */
function isWorse(logits: Float32Array, one: number, other: number): boolean {
  const [left, right] = [logits[one] as number, logits[other] as number];
  return left < right || (left === right && one > other);
}

function raise(heap: Int32Array, from: number, logits: Float32Array): void {
  const token = heap[from] as number;
  let index = from;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isWorse(logits, token, heap[parent] as number)) break;
    heap[index] = heap[parent] as number;
    index = parent;
  }
  heap[index] = token;
}

function lower(heap: Int32Array, size: number, logits: Float32Array): void {
  const token = heap[0] as number;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= size) break;
    if (child + 1 < size && isWorse(logits, heap[child + 1] as number, heap[child] as number)) child += 1;
    if (!isWorse(logits, heap[child] as number, token)) break;
    heap[index] = heap[child] as number;
    index = child;
  }
  heap[index] = token;
}
