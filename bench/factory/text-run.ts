import type { Run } from '../../src/ports/session.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';

/** What MiniLM is asked for texts of one length. */
export function textRun(texts: readonly (readonly number[])[]): Run {
  const [first = []] = texts;
  const tensor = (values: readonly number[]): Tensor => ({
    datatype: 'INT64',
    shape: [texts.length, first.length],
    data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
  const ids = texts.flat();
  return {
    inputNames: ['input_ids', 'attention_mask', 'token_type_ids'],
    inputs: [tensor(ids), tensor(ids.map(() => 1)), tensor(ids.map(() => 0))],
    outputNames: ['last_hidden_state'],
  };
}
