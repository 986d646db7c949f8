import { elementBytes } from '../../protocol/element-bytes.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { sampleElements } from '../sample-elements.ts';
import type { AnswerSample } from './answer-sample.ts';

const mostElements = 1024;

/** What is kept of an answer to compare it with another: it holds none of the memory that the outputs lie in. */
export function sampleAnswer(outputs: readonly (Tensor & { readonly name: string })[]): readonly AnswerSample[] {
  return outputs.map((output) => {
    const { name, datatype, shape } = output;
    return { name, datatype, shape, elements: sampleElements(firstRows(output)) };
  });
}

/** Whole rows, where they are not too long: which of a row's numbers is the largest says what it means. */
function firstRows(tensor: Tensor): Tensor {
  const row = tensor.shape.at(-1) ?? 1;
  const rows = Math.floor(mostElements / row);
  if (!Number.isFinite(rows) || rows === 0) return tensor;
  return tensor.datatype === 'BYTES'
    ? { ...tensor, data: tensor.data.slice(0, rows * row) }
    : { ...tensor, data: tensor.data.subarray(0, rows * row * elementBytes[tensor.datatype]) };
}
