import { type Columns, normalOf } from '../../core/training/normal-of.ts';
import type { PreparedRows } from '../../core/training/prepared-rows.ts';
import { usualChannels } from '../../core/training/usual-channels.ts';
import type { Network, NetworkKind } from '../../graph/networks/network.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

export interface NetworkRows {
  readonly kind: NetworkKind;
  /** @default of a CNN, by the size of its pictures */
  readonly hidden?: readonly number[] | undefined;
  /** What the input is called, and what it takes for each row, [1, columns]. */
  readonly input: string;
  readonly inputs: readonly (readonly [FixedTensor])[];
  readonly columns: Exclude<Columns, 'one'>;
  readonly prepared: PreparedRows;
  readonly output: Network['output']['name'];
}

/**
 * A network for rows, with the means and scales of those that it learns from. Throws an Error where these hardly differ.
 */
export function scaledNetwork({ kind, hidden, input, inputs, columns, prepared, output }: NetworkRows): Network {
  const { predicts, targets, split } = prepared;
  const rows = split.train.map((row) => {
    const [{ data }] = inputs[row] as readonly [FixedTensor];
    return new Float32Array(data.buffer, data.byteOffset, data.length / Float32Array.BYTES_PER_ELEMENT);
  });
  const size = rows[0]?.length ?? 0;
  const picture = kind === 'cnn' ? squareOf(size) : undefined;
  const apart = normalOf(rows, columns);
  if (apart.scale.every((scale) => scale === 0))
    throw new Error(
      `${columns === 'apart' ? `all columns (${size})` : 'all numbers that the model gives'} are nearly the same in all rows to learn from: there is nothing to learn by`,
    );
  return {
    kind,
    hidden: hidden ?? (picture ? usualChannels(picture[1], picture[2]) : []),
    input: { name: input, shape: [size], normal: picture ? normalOf(rows, 'one') : apart, ...(picture && { picture }) },
    output: {
      name: output,
      size: prepared.classes?.length ?? prepared.size,
      ...(predicts === 'numbers' && {
        normal: normalOf(
          split.train.map((row) => [targets[row] as number]),
          'one',
        ),
      }),
    },
  };
}

function squareOf(columns: number): readonly [number, number, number] {
  const side = Math.sqrt(columns);
  if (Number.isInteger(side)) return [1, side, side];
  throw new Error(
    `--new cnn takes the columns of a table for the pixels of a grey, square picture, and ${columns} columns are none: name those that are with --columns`,
  );
}
