import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';

/** What is put behind a model so that it gives vectors, under names that the model has not. */
export class VectorNodes {
  readonly nodes: OnnxNode[] = [];
  readonly weights = new Map<string, OnnxTensor>();
  readonly #names: Names;

  constructor(model: OnnxModel) {
    this.#names = new Names(model);
  }

  /** Adds a node of one output, and gives its name. */
  add(opType: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    const output = this.#names.fresh(`vectors_${opType}`);
    this.nodes.push(makeNode(opType, inputs, [output], { name: output, attributes }));
    return output;
  }

  /** Adds a list of whole numbers, such as axes are, and gives its name. */
  axes(...values: readonly number[]): string {
    const name = this.#names.fresh('vectors_axes');
    const { buffer } = BigInt64Array.from(values, BigInt);
    this.weights.set(name, makeTensor(name, dataTypes.INT64, [values.length], new Uint8Array(buffer)));
    return name;
  }
}
