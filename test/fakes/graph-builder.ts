import { seededRandom } from '../../src/core/seeded-random.ts';
import type { OnnxNode, OnnxTensor } from './onnx-builder.ts';

type Attributes = NonNullable<OnnxNode['attributes']>;

/** Puts a graph together node by node: each gives the name of its output. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #random = seededRandom();
  readonly #known = new Map<string, string>();

  /**
   * Adds a node with one output. Names of ONNX's own operators stand as they are, others with their domain in front.
   */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}, output?: string): string {
    const [given = ''] = this.nodesWith(operator, inputs, [output ?? `value${this.nodes.length}`], attributes);
    return given;
  }

  /** Adds a node with the outputs named. */
  nodesWith(operator: string, inputs: readonly string[], outputs: readonly string[], attributes: Attributes = {}) {
    const dot = operator.lastIndexOf('.');
    const op = operator.slice(dot + 1);
    this.nodes.push({ op, inputs, outputs, attributes, ...(dot > 0 && { domain: operator.slice(0, dot) }) });
    return outputs;
  }

  /** Whole numbers, once for all who ask for the same. */
  wholes(values: readonly number[], isScalar = false): string {
    const shape = isScalar ? [] : [values.length];
    return this.#once(`wholes ${shape} ${values}`, (name) => {
      const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
      return { name, datatype: 'INT64', shape, data };
    });
  }

  /** One number. */
  number(value: number): string {
    return this.#once(`number ${value}`, (name) => floats(name, Float32Array.of(value), []));
  }

  floats(values: Float32Array<ArrayBuffer>, shape: readonly number[]): string {
    const tensor = floats(`floats${this.initializers.length}`, values, shape);
    this.initializers.push(tensor);
    return tensor.name;
  }

  bytes(values: Uint8Array, shape: readonly number[]): string {
    const name = `bytes${this.initializers.length}`;
    this.initializers.push({ name, datatype: 'UINT8', shape, data: values });
    return name;
  }

  /** A weight of random numbers: what comes out is as large as what goes in. */
  weight(rows: number, columns: number): string {
    return this.floats(this.randoms(rows * columns, Math.sqrt(3 / rows)), [rows, columns]);
  }

  /** Numbers from -`most` to `most`, the same in each graph that asks for as many in the same order. */
  randoms(count: number, most: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(count);
    for (let index = 0; index < count; index += 1) values[index] = (2 * this.#random() - 1) * most;
    return values;
  }

  #once(key: string, make: (name: string) => OnnxTensor): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const tensor = make(`constant${this.initializers.length}`);
    this.initializers.push(tensor);
    this.#known.set(key, tensor.name);
    return tensor.name;
  }
}

function floats(name: string, values: Float32Array<ArrayBuffer>, shape: readonly number[]): OnnxTensor {
  return { name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer) };
}
