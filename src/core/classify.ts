import { ServiceError } from '../protocol/service-error.ts';
import { shortestFloat32 } from '../protocol/shortest-float32.ts';
import type { BytesTensor, Tensor } from '../protocol/tensor.ts';
import { readNumbers } from './read-numbers.ts';

/**
 * The `count` best classes of each row, as `value:index` or `value:index:label`.
 *
 * Source: Triton's classification extension. The last dimension holds the classes; shape [.., C] becomes [.., count].
 */
export function classify(
  name: string,
  tensor: Tensor,
  count: number,
  labels: readonly string[] | undefined,
): BytesTensor {
  if (tensor.datatype === 'BYTES' || tensor.shape.length === 0) {
    throw new ServiceError(
      400,
      `output '${name}' is ${tensor.datatype} [${tensor.shape}]: classification takes numbers in one or more dimensions`,
    );
  }
  const classes = tensor.shape.at(-1) ?? 0;
  const kept = Math.min(count, classes);
  const values = readNumbers(name, tensor);
  const text = tensor.datatype === 'FP32' ? floatText : String;
  const encoder = new TextEncoder();
  const data: Uint8Array[] = [];
  for (let start = 0; start + classes <= values.length && classes > 0; start += classes) {
    const row = Array.from({ length: classes }, (_, index) => index);
    row.sort((a, b) => compare(values[start + b], values[start + a]) || a - b);
    for (const index of row.slice(0, kept)) {
      const label = labels?.[index];
      const value = text(values[start + index] as number);
      data.push(encoder.encode(`${value}:${index}${label === undefined ? '' : `:${label}`}`));
    }
  }
  return { datatype: 'BYTES', shape: [...tensor.shape.slice(0, -1), kept], data };
}

/** FP32 with no more digits than it has, as in JSON. */
function floatText(value: number): string {
  return Number.isFinite(value) ? shortestFloat32(value) : String(value);
}

function compare(a: number | bigint | undefined, b: number | bigint | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}
