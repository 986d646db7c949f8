import type { TensorSpec } from '../src/protocol/tensor-spec.ts';

const letters = ['N', 'M', 'L', 'K', 'J', 'I', 'H', 'G'];

/** An input or output in short: `X FP32[N,4]`, with a letter for each free dimension. */
export function describeSpec({ name, datatype, shape, anyRank }: TensorSpec): string {
  if (anyRank) return `${name} ${datatype} of any shape`;
  let free = 0;
  const sizes = shape.map((size) => {
    if (size !== -1) return size;
    free += 1;
    return letters[free - 1] ?? `N${free}`;
  });
  return `${name} ${datatype}[${sizes.join(',')}]`;
}
