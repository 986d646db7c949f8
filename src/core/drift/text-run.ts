import type { Tensor } from '../../protocol/tensor.ts';
import type { ObservedRun } from './observed-run.ts';

/** A text that was generated, as a run that drift looks at: how many tokens its prompt had, and how many came of it. */
export function textRun(promptTokens: number, answerTokens: number): ObservedRun {
  return {
    inputNames: ['prompt tokens'],
    inputs: [number(promptTokens)],
    outputNames: ['answer tokens'],
    outputs: [number(answerTokens)],
  };
}

function number(value: number): Tensor {
  return { datatype: 'INT32', shape: [1], data: new Uint8Array(Int32Array.of(value).buffer) };
}
