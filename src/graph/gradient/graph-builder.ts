import { dataTypes } from '../data-types.ts';
import { elementBits } from '../element-bits.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import type { Names } from '../names.ts';
import type { OnnxAttribute, OnnxNode, OnnxTensor, OnnxValue } from '../onnx-model.ts';
import { inferTypes } from './infer-types.ts';
import { integersOf } from './integers-of.ts';
import type { Dimension, ValueType } from './value-type.ts';

/** What the names of sizes begin with that the file does not name. */
const freeSize = '?';

/** A whole number is an int, a list of them ints. */
type Attribute = number | string | readonly number[] | OnnxAttribute;

/** A size that is known, or that of an axis of a value. */
export type SizePart = number | { readonly of: string; readonly axis: number };

/**
 * Puts a graph together: forward nodes as they are, and what is added to them, under names of its own.
 *
 * What is known of each value's type and shape is kept, so that what can be worked out beforehand is not left to the
 * run. Constants and shapes that were asked for before are there once. The same calls give the same graph.
 */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxTensor>();
  readonly goesByRows: boolean;
  readonly #types = new Map<string, ValueType>();
  readonly #known = new Map<string, string>();
  readonly #names: Names;
  #count = 0;
  #freeSizes = 0;

  /**
   * @param goesByRows whether long ways of one element at a time over large values go row by row, which stay in the
   *   cache of one thread of a processor
   */
  constructor(names: Names, goesByRows = false) {
    this.#names = names;
    this.goesByRows = goesByRows;
  }

  /** One for a graph within this one, whose names are none of this one's. */
  inner(): GraphBuilder {
    return new GraphBuilder(this.#names);
  }

  /** What is known of a value. */
  type(name: string): ValueType {
    return this.#types.get(name) ?? {};
  }

  /** A value as an input or output of the graph. */
  value(name: string): OnnxValue {
    const { dataType, shape } = this.type(name);
    const said = shape?.map((size) => (typeof size === 'string' && size.startsWith(freeSize) ? undefined : size));
    return dataType === undefined ? { name } : { name, type: { dataType, ...(said && { shape: said }) } };
  }

  /** Says what is known of a value that no node here gives. */
  declare(name: string, { dataType, shape, elements }: ValueType): void {
    this.#types.set(name, { dataType, shape: shape?.map((size) => size ?? this.#freeSize()), elements });
  }

  /** Says that a value has the shape of another. */
  liken(name: string, other: string): void {
    const [own, known] = [this.type(name), this.type(other).shape];
    if (known) this.#types.set(name, { ...own, shape: known });
  }

  // What is not known of two values is the same where one comes from the other: so it has a name.
  #freeSize(): string {
    this.#freeSizes += 1;
    return `${freeSize}${this.#freeSizes}`;
  }

  /** Adds a tensor under its own name. */
  tensor(tensor: OnnxTensor): void {
    this.initializers.set(tensor.name, tensor);
    this.declare(tensor.name, { dataType: tensor.dataType, shape: tensor.shape, elements: integersOf(tensor) });
  }

  /** Adds a node as it is; `values` says what else is known of its outputs. */
  node(node: OnnxNode, values?: ReadonlyMap<string, ValueType>): void {
    this.nodes.push(node);
    const types = inferTypes(
      node,
      node.inputs.map((name) => (name === '' ? undefined : this.type(name))),
    );
    node.outputs.forEach((name, at) => {
      const { dataType, shape, elements } = types[at] ?? {};
      const told = values?.get(name);
      const sizes = shape ? shape.map((size, axis) => size ?? told?.shape?.[axis]) : told?.shape;
      this.declare(name, { dataType: dataType ?? told?.dataType, shape: sizes, elements });
    });
  }

  /** Adds a node of one output, and gives its name. */
  op(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const [output] = this.ops(opType, inputs, 1, attributes);
    return output as string;
  }

  /** Adds a node of `count` outputs, and gives their names. */
  ops(
    opType: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly string[] {
    const outputs = Array.from({ length: count }, () => this.name(opType));
    const told = Object.entries(attributes).map(([name, value]) => [name, attributeFor(value)]);
    this.node(makeNode(opType, inputs, outputs, { name: outputs[0] as string, attributes: Object.fromEntries(told) }));
    return outputs;
  }

  /** A name that nothing has yet. */
  name(word: string): string {
    this.#count += 1;
    return this.#names.fresh(`${word}_${this.#count}`);
  }

  /** Asks a forward node, with the attributes that `node` has, for more outputs: its names of all `count`. */
  outputs(node: OnnxNode, count: number): readonly string[] {
    const at = this.nodes.findIndex(({ outputs }) => outputs[0] === node.outputs[0]);
    const found = this.nodes[at] as OnnxNode;
    const outputs = Array.from(
      { length: count },
      (_item, index) => found.outputs[index] || this.name(`${found.opType}_${index}`),
    );
    const types = inferTypes(
      found,
      found.inputs.map((name) => (name === '' ? undefined : this.type(name))),
    );
    outputs.slice(1).forEach((name, index) => {
      this.declare(name, types[index + 1] ?? {});
    });
    this.nodes[at] = { ...found, attributes: node.attributes, outputs };
    return outputs;
  }

  /** A number of the type of the elements of `like`. */
  number(value: number, like: string): string {
    const { dataType } = this.type(like);
    if (dataType === dataTypes.DOUBLE) return this.#constant(value, dataType, Float64Array.of(value));
    const single = this.#constant(value, dataTypes.FLOAT, Float32Array.of(value));
    return this.inTypeOf(single, like);
  }

  /** A list of numbers of the type of the elements of `like`. */
  numbers(values: readonly number[], like: string): string {
    const name = this.name('numbers');
    const { dataType } = this.type(like);
    const [type, data] =
      dataType === dataTypes.DOUBLE
        ? [dataTypes.DOUBLE, Float64Array.from(values)]
        : [dataTypes.FLOAT, Float32Array.from(values)];
    this.tensor(makeTensor(name, type, [values.length], new Uint8Array(data.buffer)));
    return this.inTypeOf(name, like);
  }

  /** A list of whole numbers. */
  wholes(values: readonly number[]): string {
    return this.once(`wholes ${values}`, () => {
      const name = this.name('wholes');
      const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
      this.tensor(makeTensor(name, dataTypes.INT64, [values.length], data));
      return name;
    });
  }

  /** A whole number. */
  whole(value: number): string {
    return this.#constant(value, dataTypes.INT64, BigInt64Array.of(BigInt(value)));
  }

  /** The shape of a value as a list: a constant where all of it is known. */
  shape(of: string): string {
    const sizes = this.type(of).shape;
    if (sizes?.every((size) => typeof size === 'number')) return this.wholes(sizes as readonly number[]);
    return this.once(`shape ${of}`, () => this.op('Shape', [of]));
  }

  /** A list of sizes. */
  sizes(parts: readonly SizePart[]): string {
    const known = parts.map((part) => (typeof part === 'number' ? part : this.size(part.of, part.axis)));
    if (known.every((size) => typeof size === 'number')) return this.wholes(known as readonly number[]);
    const pieces = parts.map((part, at) => {
      const size = known[at];
      if (typeof size === 'number') return this.wholes([size]);
      const { of, axis } = part as Exclude<SizePart, number>;
      const end = axis === -1 ? undefined : { end: axis + 1 };
      return this.once(`size ${of} ${axis}`, () => this.op('Shape', [of], { start: axis, ...end }));
    });
    return pieces.length === 1 ? (pieces[0] as string) : this.op('Concat', pieces, { axis: 0 });
  }

  /** A size, as far as it is known. */
  size(of: string, axis: number): Dimension {
    return this.type(of).shape?.at(axis);
  }

  /** How many dimensions a value has, where that is known. */
  rank(of: string): number | undefined {
    return this.type(of).shape?.length;
  }

  /** Zeros of the shape that a list says, of the type of the elements of `like`. */
  zeros(shape: string, like: string): string {
    const { dataType = dataTypes.FLOAT } = this.type(like);
    const data = new Uint8Array((elementBits[dataType] ?? 32) / 8);
    return this.op('ConstantOfShape', [shape], {
      value: { kind: 'tensor', value: makeTensor('', dataType, [1], data) },
    });
  }

  /** A value with elements of the type of those of `like`; a condition is 1 where it holds, else 0. */
  inTypeOf(value: string, like: string): string {
    const { dataType } = this.type(like);
    if (dataType === undefined) return this.op('CastLike', [value, like]);
    return this.type(value).dataType === dataType ? value : this.op('Cast', [value], { to: dataType });
  }

  /** What `make` gives, made once for all who ask by the same key. */
  once(key: string, make: () => string): string {
    const name = this.#known.get(key) ?? make();
    this.#known.set(key, name);
    return name;
  }

  #constant(value: number, dataType: number, data: Float32Array | Float64Array | BigInt64Array): string {
    return this.once(`scalar ${dataType} ${value}`, () => {
      const name = this.name('scalar');
      this.tensor(makeTensor(name, dataType, [], new Uint8Array(data.buffer)));
      return name;
    });
  }
}

function attributeFor(value: Attribute): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'text', value };
  return 'kind' in value ? value : { kind: 'ints', value };
}
