import { encodeField } from './encode-field.ts';
import { heldBytes } from './held-bytes.ts';
import { joinBytes } from './join-bytes.ts';
import type {
  AttributePart,
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  SparseTensor,
  TrainingInfo,
} from './onnx-model.ts';
import type { StoredBytes } from './stored-bytes.ts';

const { whole, float, text, message } = encodeField;
const texts = 8;
/** As onnx's own `save_model`: less is not worth a place of its own. */
const leastExternal = 1024;
/** Where a page begins, a tensor can be mapped into memory. Source: onnx.proto3, TensorProto.external_data. */
const pageBytes = 4096;

/** The bytes of an ONNX file, and of its external data where some was asked for. */
export interface EncodedModel {
  readonly file: StoredBytes;
  readonly data: StoredBytes;
}

export interface EncodeOptions {
  /** External data that tensors of graphs which are not small go into. @default all weights are in the file itself */
  readonly location?: string;
  /**
   * Initializers that were read from other files stay there: what is encoded belongs where the model came from.
   * @default false
   */
  readonly keepsFiles?: boolean;
}

/** Encodes a model, its weights as they are asked for. The same model gives the same bytes. */
export function encodeModel(model: OnnxModel, options: EncodeOptions = {}): EncodedModel {
  const encoder = new ModelEncoder(options);
  const file = encoder.model(model);
  return { file, data: joinBytes(encoder.data) };
}

class ModelEncoder {
  readonly data: StoredBytes[] = [];
  readonly #location: string | undefined;
  readonly #keepsFiles: boolean;
  #dataBytes = 0;

  constructor({ location, keepsFiles = false }: EncodeOptions) {
    this.#location = location;
    this.#keepsFiles = keepsFiles;
  }

  model(model: OnnxModel): StoredBytes {
    return joinBytes([
      whole(1, model.irVersion),
      ...named(2, model.producerName),
      ...named(3, model.producerVersion),
      message(7, this.#graph(model.graph)),
      ...Array.from(model.opsets, ([domain, version]) => message(8, [text(1, domain), whole(2, version)])),
      ...Array.from(model.metadata, ([key, value]) => message(14, [text(1, key), text(2, value)])),
      ...model.training.map((training) => message(20, this.#training(training))),
      ...model.functions.map((each) => message(25, this.#function(each))),
      model.extra,
    ]);
  }

  #graph(graph: OnnxGraph): StoredBytes[] {
    return [
      ...graph.nodes.map((node) => message(1, this.#node(node))),
      ...named(2, graph.name),
      ...Array.from(graph.initializers, ([name, tensor]) => message(5, this.#initializer(name, tensor))),
      ...graph.inputs.map((value) => message(11, encodeValue(value))),
      ...graph.outputs.map((value) => message(12, encodeValue(value))),
      ...graph.values.map((value) => message(13, encodeValue(value))),
      ...graph.sparseInitializers.map((sparse) => message(15, encodeSparse(sparse))),
      graph.extra,
    ];
  }

  #node(node: OnnxNode): StoredBytes[] {
    return [
      ...node.inputs.map((name) => text(1, name)),
      ...node.outputs.map((name) => text(2, name)),
      ...named(3, node.name),
      text(4, node.opType),
      ...Array.from(node.attributes, ([name, attribute]) => message(5, this.#attribute(name, attribute))),
      ...named(7, node.domain),
      node.extra,
    ];
  }

  #attribute(name: string, attribute: OnnxAttribute): StoredBytes[] {
    if (attribute.kind === 'parts')
      return [text(1, name), ...attribute.value.map((part) => this.#part(part)), attribute.extra];
    if (attribute.kind === 'tensor')
      return [text(1, name), message(5, encodeTensor(attribute.value)), attribute.extra ?? whole(20, 4)];
    if (attribute.kind === 'graph')
      return [text(1, name), message(6, this.#graph(attribute.value)), attribute.extra ?? whole(20, 5)];
    if (attribute.kind === 'other') return [attribute.encoded];
    return attribute.encoded ? [attribute.encoded] : [text(1, name), ...plainFields(attribute)];
  }

  #part(part: AttributePart): StoredBytes {
    if ('tensor' in part) return message(part.field, encodeTensor(part.tensor));
    return message(part.field, 'graph' in part ? this.#graph(part.graph) : encodeSparse(part.sparse));
  }

  #initializer(name: string, tensor: OnnxTensor): StoredBytes[] {
    const { length } = tensor.data;
    if (this.#keepsFiles && tensor.location !== undefined && tensor.offset !== undefined)
      return placedTensor({ ...tensor, name }, tensor.location, tensor.offset);
    if (this.#location === undefined || tensor.dataType === texts || length < leastExternal)
      return encodeTensor({ ...tensor, name });
    const offset = Math.ceil(this.#dataBytes / pageBytes) * pageBytes;
    this.data.push(heldBytes(new Uint8Array(offset - this.#dataBytes)), tensor.data);
    this.#dataBytes = offset + length;
    return placedTensor({ ...tensor, name }, this.#location, offset);
  }

  #function(each: OnnxFunction): StoredBytes[] {
    return [
      ...named(1, each.name),
      ...each.inputs.map((name) => text(4, name)),
      ...each.outputs.map((name) => text(5, name)),
      ...each.nodes.map((node) => message(7, this.#node(node))),
      ...named(10, each.domain),
      ...Array.from(each.attributes, ([name, attribute]) => message(11, this.#attribute(name, attribute))),
      each.extra,
    ];
  }

  #training({ initialization, algorithm, extra }: TrainingInfo): StoredBytes[] {
    return [
      ...(initialization ? [message(1, this.#graph(initialization))] : []),
      ...(algorithm ? [message(2, this.#graph(algorithm))] : []),
      extra,
    ];
  }
}

/** A text that is left out where it is empty. */
function named(field: number, name: string): StoredBytes[] {
  return name === '' ? [] : [text(field, name)];
}

function tensorHead({ name, dataType, shape }: OnnxTensor): StoredBytes[] {
  return [...shape.map((size) => whole(1, size)), whole(2, dataType), ...named(8, name)];
}

function encodeTensor(tensor: OnnxTensor): StoredBytes[] {
  const { dataType, data, extra } = tensor;
  return [...tensorHead(tensor), dataType === texts ? data : message(9, [data]), extra];
}

/** A tensor whose elements are in another file. */
function placedTensor(tensor: OnnxTensor, location: string, offset: number): StoredBytes[] {
  const entries = { location, offset: String(offset), length: String(tensor.data.length) };
  return [
    ...tensorHead(tensor),
    ...Object.entries(entries).map(([key, value]) => message(13, [text(1, key), text(2, value)])),
    whole(14, 1),
    tensor.extra,
  ];
}

function encodeSparse({ values, indices, extra }: SparseTensor): StoredBytes[] {
  return [
    ...(values ? [message(1, encodeTensor(values))] : []),
    ...(indices ? [message(2, encodeTensor(indices))] : []),
    extra,
  ];
}

function encodeValue({ name, type, encoded }: OnnxValue): StoredBytes[] {
  if (encoded) return [encoded];
  if (!type) return [text(1, name)];
  const sizes = type.shape?.map((size) =>
    message(1, size === undefined ? [] : [typeof size === 'number' ? whole(1, size) : text(2, size)]),
  );
  const tensor = [whole(1, type.dataType), ...(sizes ? [message(2, sizes)] : [])];
  return [text(1, name), message(2, [message(1, tensor)])];
}

/** The value of an attribute, and its type. Source: onnx.proto3, AttributeProto.AttributeType. */
function plainFields(
  attribute: Exclude<OnnxAttribute, { kind: 'tensor' | 'graph' | 'parts' | 'other' }>,
): StoredBytes[] {
  switch (attribute.kind) {
    case 'float':
      return [float(2, attribute.value), whole(20, 1)];
    case 'int':
      return [whole(3, attribute.value), whole(20, 2)];
    case 'text':
      return [text(4, attribute.value), whole(20, 3)];
    case 'floats':
      return [...attribute.value.map((value) => float(7, value)), whole(20, 6)];
    case 'ints':
      return [...attribute.value.map((value) => whole(8, value)), whole(20, 7)];
    case 'texts':
      return [...attribute.value.map((value) => text(9, value)), whole(20, 8)];
  }
}
