import { fieldTag } from './field-tag.ts';
import type {
  AttributePart,
  OnnxAttribute,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  SparseTensor,
} from './onnx-model.ts';
import type { OpenData } from './open-data.ts';
import { ownDomain } from './own-domain.ts';
import { plainAttribute } from './plain-attribute.ts';
import type { ProtobufField, ProtobufWalk } from './protobuf-walk.ts';
import { readTensor } from './read-tensor.ts';
import { readValue } from './read-value.ts';

// Protobuf's own readers go 100 messages deep, of which a graph in a graph takes three.
const deepest = 32;
/** The name, tensors, graphs and sparse tensors of an attribute. */
const partFields = [1, 5, 6, 10, 11, 22, 23];
const floatsField = 7;
// A list has its type beside it, and perhaps a description.
const mostFields = 4096 + 2;

/**
 * Reads graphs and what is in them, which may be graphs again. Rejects where they are nested too deep. Source:
 * onnx.proto3.
 */
export class GraphReader {
  readonly #walk: ProtobufWalk;
  readonly #open: OpenData | undefined;

  constructor(walk: ProtobufWalk, open: OpenData | undefined) {
    this.#walk = walk;
    this.#open = open;
  }

  /** Reads a GraphProto. Source: onnx.proto3. */
  async graph({ start, end }: ProtobufField, depth = 0): Promise<OnnxGraph> {
    const walk = this.#walk;
    if (depth > deepest) throw walk.broken('graphs are nested too deep');
    const nodes: OnnxNode[] = [];
    const initializers = new Map<string, OnnxTensor>();
    const sparseInitializers: SparseTensor[] = [];
    const inputs: OnnxValue[] = [];
    const outputs: OnnxValue[] = [];
    const values: OnnxValue[] = [];
    const others: ProtobufField[] = [];
    let name = '';
    await walk.each(start, end, async (field) => {
      switch (field.tag) {
        case fieldTag(1, 2):
          walk.keep();
          nodes.push(await this.node(field, depth + 1));
          return;
        case fieldTag(2, 2):
          name = await walk.text(field);
          return;
        case fieldTag(5, 2): {
          const tensor = await readTensor(walk, field, this.#open);
          if (initializers.has(tensor.name)) throw walk.broken(`two initializers are called '${tensor.name}'`);
          initializers.set(tensor.name, tensor);
          return;
        }
        case fieldTag(11, 2):
          inputs.push(await readValue(walk, field));
          return;
        case fieldTag(12, 2):
          outputs.push(await readValue(walk, field));
          return;
        case fieldTag(13, 2):
          values.push(await readValue(walk, field));
          return;
        case fieldTag(15, 2):
          walk.keep();
          sparseInitializers.push(await this.#sparse(field));
          return;
      }
      walk.keep();
      others.push(field);
    });
    return {
      name,
      nodes,
      initializers,
      sparseInitializers,
      inputs,
      outputs,
      values,
      extra: await walk.encoded(others),
    };
  }

  /** Reads a NodeProto. */
  async node({ start, end }: ProtobufField, depth = 0): Promise<OnnxNode> {
    const walk = this.#walk;
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes = new Map<string, OnnxAttribute>();
    const others: ProtobufField[] = [];
    let name = '';
    let opType = '';
    let domain = '';
    await walk.each(start, end, async (field) => {
      switch (field.tag) {
        case fieldTag(1, 2):
          walk.keep();
          inputs.push(await walk.text(field));
          return;
        case fieldTag(2, 2):
          walk.keep();
          outputs.push(await walk.text(field));
          return;
        case fieldTag(3, 2):
          name = await walk.text(field);
          return;
        case fieldTag(4, 2):
          opType = await walk.text(field);
          return;
        case fieldTag(5, 2):
          await this.attribute(field, attributes, depth);
          return;
        case fieldTag(7, 2):
          domain = ownDomain(await walk.text(field));
          return;
      }
      walk.keep();
      others.push(field);
    });
    return { name, opType, domain, inputs, outputs, attributes, extra: await walk.encoded(others) };
  }

  /** Reads an AttributeProto into `attributes`. */
  async attribute({ start, end }: ProtobufField, attributes: Map<string, OnnxAttribute>, depth = 0): Promise<void> {
    const walk = this.#walk;
    const parts: AttributePart[] = [];
    const rest: ProtobufField[] = [];
    let name = '';
    let floats = 0;
    const readPart = async (field: ProtobufField): Promise<void> => {
      walk.keep();
      if (field.number === 1) name = await walk.text(field);
      else if (field.number === 5 || field.number === 10)
        parts.push({ field: field.number, tensor: await readTensor(walk, field, this.#open) });
      else if (field.number === 6 || field.number === 11)
        parts.push({ field: field.number, graph: await this.graph(field, depth) });
      else parts.push({ field: field.number, sparse: await this.#sparse(field) });
    };
    // Trees have millions of numbers in attributes, each a field: they are passed without a promise.
    await walk.each(start, end, (field) => {
      if (field.wire === 2 && partFields.includes(field.number)) return readPart(field);
      if (field.number === floatsField) floats += (field.end - field.start) / 4;
      // One more than there may be tells that it is a long list.
      if (rest.length <= mostFields) rest.push(field);
      return undefined;
    });
    if (attributes.has(name)) throw walk.broken(`a node has two attributes '${name}'`);
    const isLong = rest.length > mostFields;
    if (parts.length === 0) {
      const encoded = await walk.stored(start, end);
      const plain = isLong ? undefined : await plainAttribute(walk, rest);
      attributes.set(name, plain ? { ...plain, encoded } : { kind: 'other', floats, encoded });
      return;
    }
    if (isLong) throw walk.broken(`attribute '${name}' is both a graph or a tensor and a long list`);
    const extra = await walk.encoded(rest);
    const [only] = parts;
    if (parts.length === 1 && only?.field === 5 && 'tensor' in only)
      attributes.set(name, { kind: 'tensor', value: only.tensor, extra });
    else if (parts.length === 1 && only?.field === 6 && 'graph' in only)
      attributes.set(name, { kind: 'graph', value: only.graph, extra });
    else attributes.set(name, { kind: 'parts', value: parts, extra });
  }

  /** Reads a SparseTensorProto. */
  async #sparse({ start, end }: ProtobufField): Promise<SparseTensor> {
    const walk = this.#walk;
    const others: ProtobufField[] = [];
    const tensors = new Map<number, OnnxTensor>();
    await walk.each(start, end, async (field) => {
      if (field.tag !== fieldTag(1, 2) && field.tag !== fieldTag(2, 2)) {
        walk.keep();
        others.push(field);
        return;
      }
      if (tensors.has(field.number)) throw walk.broken('a sparse tensor has its values or indices twice');
      tensors.set(field.number, await readTensor(walk, field, this.#open));
    });
    return { values: tensors.get(1), indices: tensors.get(2), extra: await walk.encoded(others) };
  }
}
