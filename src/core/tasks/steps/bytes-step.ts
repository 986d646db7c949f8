import type { PreprocessStep } from '../../../ports/task.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { onlyInput } from './only-input.ts';

/** As Python's `bytes.strip` has it. */
const whiteSpace = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]);

/**
 * The first and the last bytes of a file as the model's one input of INT32. Throws an Error where it takes no row of as
 * many.
 */
export function bytesStep(
  model: TaskModel,
  { first, last, padding = 0, stripWithin = 0, atLeast = 0 }: NonNullable<PreprocessStep['bytes']>,
): Step<'file', 'inputs'> {
  const { name, datatype, shape } = onlyInput(model, 'bytes');
  const size = first + last;
  const fits = datatype === 'INT32' && shape.length === 2 && (shape[1] === size || shape[1] === -1);
  if (!fits) {
    throw new Error(`step bytes fills INT32 [batch, ${size}], and input '${name}' takes ${datatype} [${shape}]`);
  }
  return {
    takes: 'file',
    gives: 'inputs',
    apply: (file) => {
      if (file.length < atLeast)
        throw new ServiceError(400, `expected a file of ${atLeast} bytes or more, got one of ${file.length}`);
      const data = allocateBytes(size * 4);
      const values = new Int32Array(data.buffer, data.byteOffset, size).fill(padding);
      const head = beginningOf(file, stripWithin).subarray(0, first);
      values.set(head);
      const end = endOf(file, stripWithin);
      const tail = end.subarray(Math.max(0, end.length - last));
      values.set(tail, size - tail.length);
      const runs = [runOf(file, head, 0), runOf(file, tail, size - tail.length)];
      return { tensors: [{ name, datatype: 'INT32', shape: [1, size], data }], bytes: { runs, padding } };
    },
  };
}

function runOf(file: Uint8Array, part: Uint8Array, at: number) {
  const start = part.byteOffset - file.byteOffset;
  return { start, end: start + part.length, at };
}

function beginningOf(file: Uint8Array, within: number): Uint8Array {
  if (within === 0) return file;
  const block = file.subarray(0, within);
  const start = block.findIndex((byte) => !whiteSpace.has(byte));
  return start === -1 ? block.subarray(block.length) : block.subarray(start);
}

function endOf(file: Uint8Array, within: number): Uint8Array {
  if (within === 0) return file;
  const block = file.subarray(Math.max(0, file.length - within));
  return block.subarray(0, block.findLastIndex((byte) => !whiteSpace.has(byte)) + 1);
}
