import { encodeModel } from '../../../graph/encode-model.ts';
import { makeNode } from '../../../graph/make-node.ts';
import { makeTensor } from '../../../graph/make-tensor.ts';
import { noBytes } from '../../../graph/no-bytes.ts';
import type { OnnxValue } from '../../../graph/onnx-model.ts';
import { elementTypes } from '../element-types.ts';

/** The inputs of `copyGraph` beside `from`, INT64, with how many numbers each has. */
export const copyNumbers = { first: 1, end: 1, front: 3, behind: 3 } as const;

/**
 * A model that copies: `to` is `from`, bytes [n, m, k], from `first` up to `end` along the second axis, with as many
 * zeros as the shapes `front` and `behind` say before and after it. As bytes, since all providers copy these, whatever
 * they stand for.
 */
export function copyGraph(): Uint8Array {
  const bytes = { dataType: elementTypes.UINT8, shape: ['n', undefined, 'k'] } as const;
  const numbers = Object.entries(copyNumbers).map(
    ([name, count]): OnnxValue => ({
      name,
      type: { dataType: elementTypes.INT64, shape: [count] },
    }),
  );
  const axis = makeTensor('axis', elementTypes.INT64, [1], new Uint8Array(BigInt64Array.of(1n).buffer));
  const zero = { kind: 'tensor', value: makeTensor('', elementTypes.UINT8, [1], Uint8Array.of(0)) } as const;
  const zeros = (shape: string, output: string) =>
    makeNode('ConstantOfShape', [shape], [output], { attributes: { value: zero } });
  const { file } = encodeModel({
    irVersion: 8,
    producerName: '',
    producerVersion: '',
    opsets: new Map([['', 13]]),
    graph: {
      name: 'copy',
      nodes: [
        zeros('front', 'zerosBefore'),
        zeros('behind', 'zerosAfter'),
        makeNode('Slice', ['from', 'first', 'end', 'axis'], ['part']),
        makeNode('Concat', ['zerosBefore', 'part', 'zerosAfter'], ['to'], {
          attributes: { axis: { kind: 'int', value: 1 } },
        }),
      ],
      initializers: new Map([['axis', axis]]),
      sparseInitializers: [],
      inputs: [{ name: 'from', type: bytes }, ...numbers],
      outputs: [{ name: 'to', type: bytes }],
      values: [],
      extra: noBytes,
    },
    functions: [],
    training: [],
    metadata: new Map(),
    extra: noBytes,
  });
  return file.held as Uint8Array;
}
