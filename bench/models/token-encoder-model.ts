import type { BenchModel } from './bench-model.ts';
import { textEncoderModel } from './text-encoder-model.ts';

/** An encoder of the sizes of MiniLM, on the 64 tokens of each of `texts` texts. */
export function tokenEncoderModel(texts = 1): BenchModel {
  const input = { name: 'input_ids', datatype: 'INT64', shape: [texts, 64] } as const;
  return { ...textEncoderModel('token-encoder', { takesMask: false }), input, output: 'embedding' };
}
