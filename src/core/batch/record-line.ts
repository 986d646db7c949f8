import { ByteWriter } from '../../protocol/byte-writer.ts';
import { encodeNested } from '../../protocol/encode-nested.ts';
import type { OutputTensor } from '../../protocol/inference.ts';
import { rowOf } from '../../protocol/row-of.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/** A record's answer, among the rows of those that ran with it. */
export interface Answer {
  readonly outputs: readonly OutputTensor[];
  readonly row: number;
  readonly rows: number;
}

/**
 * The line of output of a record: the fields that are kept, or its number where it has none of them, and each output by name.
 * Throws ServiceError 400 for what JSON cannot carry.
 */
export function recordLine(
  number: number,
  keptNames: readonly string[],
  kept: readonly (string | undefined)[],
  { outputs, row, rows }: Answer,
): Uint8Array {
  const writer = new ByteWriter();
  let separator = '{';
  const member = (name: string) => {
    writer.text(separator);
    writer.quoted(name);
    writer.text(':');
    separator = ',';
  };
  for (const [index, json] of kept.entries()) {
    if (json === undefined) continue;
    member(keptNames[index] as string);
    writer.text(json);
  }
  if (separator === '{') {
    member('record');
    writer.whole(number);
  }
  for (const output of outputs) {
    member(output.name);
    encodeNested(writer, output.name, answerOf(output, row, rows));
  }
  writer.text('}\n');
  return writer.finish();
}

/** A record's own part of an output; of one that ran alone, all of it, but for a batch dimension of 1. */
function answerOf(output: OutputTensor, row: number, rows: number): Tensor {
  return output.shape[0] === rows ? rowOf(output, row) : output;
}
