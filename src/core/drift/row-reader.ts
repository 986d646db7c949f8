import { countElements } from '../../protocol/count-elements.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import { elementGetters } from '../element-getters.ts';
import { readNumbers } from '../read-numbers.ts';
import { driftLimits } from './drift-limits.ts';
import type { FeaturePart } from './feature.ts';

const decoder = new TextDecoder();
const elementsOf = new Map<string, readonly FeaturePart[]>();

/**
 * A tensor as rows of numbers or of texts: its first dimension counts them, and one without others has rows of one
 * element.
 */
export class RowReader {
  readonly rows: number;
  readonly size: number;
  readonly #numbers: ArrayLike<number | bigint> | undefined;
  readonly #texts: readonly Uint8Array[] | undefined;
  /** Gives the element at a place, of numbers that JavaScript has no array for. */
  readonly #half: ((place: number) => number) | undefined;

  constructor(name: string, tensor: Tensor) {
    const elements = countElements(tensor.shape);
    this.rows = tensor.shape[0] ?? 1;
    this.size = this.rows === 0 ? 0 : elements / this.rows;
    if (tensor.datatype === 'BYTES') this.#texts = tensor.data;
    else if (tensor.datatype === 'FP16' || tensor.datatype === 'BF16') this.#half = halfGetter(tensor);
    else this.#numbers = readNumbers(name, tensor);
  }

  /** What of each row is worth looking at. */
  parts(side: 'input' | 'output'): readonly FeaturePart[] {
    const { size } = this;
    if (size === 0) return [];
    if (this.#texts) return ['text', 'length'];
    const hasClasses = side === 'output' && size > 1 && size <= driftLimits.classes;
    // Callers choose sizes: what is kept of them is bounded.
    const elements = size <= driftLimits.elements ? size : 0;
    const key = `${elements} ${hasClasses}`;
    const parts = elementsOf.get(key) ?? [
      ...(elements > 0 ? Array.from({ length: elements }, (_, index) => index) : (['mean', 'deviation'] as const)),
      ...(hasClasses ? (['largest'] as const) : []),
    ];
    elementsOf.set(key, parts);
    return parts;
  }

  /** The value of a row's part; a text where the part is one. */
  value(row: number, part: FeaturePart): number | string {
    const start = row * this.size;
    if (this.#texts) return textValue(this.#texts[start] as Uint8Array, part);
    if (this.#half) return this.#halfValue(this.#half, start, part);
    const numbers = this.#numbers as ArrayLike<number | bigint>;
    if (typeof part === 'number') return Number(numbers[start + part]);
    if (part === 'largest') return largest(numbers, start, this.size);
    return moment(numbers, start, this.size, part === 'deviation');
  }

  #halfValue(half: (place: number) => number, start: number, part: FeaturePart): number {
    if (typeof part === 'number') return half(start + part);
    // To turn all of a picture into numbers would take longer than what is looked at of it.
    const step = stepOf(this.size);
    const row = Float32Array.from({ length: Math.ceil(this.size / step) }, (_, i) => half(start + i * step));
    return part === 'largest' ? largest(row, 0, row.length) : moment(row, 0, row.length, part === 'deviation');
  }
}

/** Of how many elements of a row one is looked at; of a row that has classes, each. */
function stepOf(size: number): number {
  return Math.max(1, Math.floor(size / driftLimits.sampled));
}

function halfGetter({ datatype, data }: FixedTensor): (place: number) => number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (place) => elementGetters[datatype](view, 2 * place) as number;
}

function textValue(bytes: Uint8Array, part: FeaturePart): number | string {
  return part === 'length' ? bytes.length : decoder.decode(bytes.subarray(0, driftLimits.letters));
}

function largest(numbers: ArrayLike<number | bigint>, start: number, size: number): number {
  let best = 0;
  for (let i = 1; i < size; i += 1) if ((numbers[start + i] as number) > (numbers[start + best] as number)) best = i;
  return best;
}

function moment(numbers: ArrayLike<number | bigint>, start: number, size: number, isDeviation: boolean): number {
  const step = stepOf(size);
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < size; i += step) {
    const value = Number(numbers[start + i]);
    count += 1;
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return isDeviation ? Math.sqrt(Math.max(0, squares / count - mean * mean)) : mean;
}
