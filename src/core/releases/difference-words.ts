import type { TensorDifference } from './compare-tensors.ts';

/** Where an output is off the most, from what, and by how much of what is allowed. */
export function differenceWords(output: string, found: TensorDifference, tolerance: number): string {
  const { relative, place, actual, expected } = found;
  const off = Number.isFinite(relative) ? `, off by ${Number(relative.toPrecision(3))} of ${tolerance} allowed` : '';
  return `output '${output}' [${place}] is ${shown(actual)}, expected ${shown(expected)}${off}`;
}

function shown(value: number | bigint | string): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
}
