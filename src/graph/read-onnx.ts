import { elementBits } from './element-bits.ts';
import type { ProtobufField, ProtobufWalk } from './protobuf-walk.ts';
import { readExternalDataEntry } from './read-external-data-entry.ts';
import { walkOnnx } from './walk-onnx.ts';

/** What an ONNX file says of itself, but for its weights. */
export interface OnnxSummary {
  /** Name and version of what wrote the file; empty where it does not say. */
  readonly producer: string;
  /** Domain → version; ONNX's own domain is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Operator → how often it is used, subgraphs and functions included; the most used first. */
  readonly operators: Readonly<Record<string, number>>;
  /** Elements of all tensors in the model, and floats in attributes (the weights of `ai.onnx.ml`). */
  readonly parameters: number;
  /** Bytes that the parameters take, wherever they are stored. */
  readonly weightBytes: number;
  /** The files beside the model that tensors lie in, as `external_data` names them, each once. */
  readonly externalData: readonly string[];
}

/** Summarizes an ONNX file without reading its weights. Rejects with an Error where it is no well-formed protobuf. */
export async function readOnnx(path: string): Promise<OnnxSummary> {
  const producer: string[] = [];
  const opsets: [string, number][] = [];
  const operators = new Map<string, number>();
  const externalData = new Set<string>();
  let parameters = 0;
  let weightBytes = 0;
  await walkOnnx(path, async (walk, kind, field, child) => {
    if (child === 'node') {
      const operator = await readOperator(walk, field);
      operators.set(operator, (operators.get(operator) ?? 0) + 1);
    } else if (child === 'tensor') {
      const tensor = await readTensorSize(walk, field);
      parameters += tensor.elements;
      weightBytes += tensor.bytes;
    } else if (child === 'entry') {
      const [key, value] = await readExternalDataEntry(walk, field);
      if (key === 'location') externalData.add(value);
    } else if (kind === 'attribute' && field.number === 7) {
      parameters += (field.end - field.start) / 4;
      weightBytes += field.end - field.start;
    } else if (kind === 'model' && (field.number === 2 || field.number === 3)) {
      producer.push((await walk.bytes(field)).toString('utf8'));
    } else if (kind === 'model' && field.number === 8) opsets.push(await readOpset(walk, field));
  });
  return {
    producer: producer.join(' ').trim(),
    opsets: Object.fromEntries(opsets),
    operators: Object.fromEntries([...operators].sort(([, a], [, b]) => b - a)),
    parameters,
    weightBytes,
    externalData: [...externalData],
  };
}

async function readOperator(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<string> {
  let type = '';
  let domain = '';
  await walk.each(start, end, async (field) => {
    if (field.number === 4) type = (await walk.bytes(field)).toString('utf8');
    else if (field.number === 7) domain = (await walk.bytes(field)).toString('utf8');
  });
  return domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`;
}

async function readOpset(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<[string, number]> {
  let domain = '';
  let version = 0;
  await walk.each(start, end, async (field) => {
    if (field.number === 1) domain = (await walk.bytes(field)).toString('utf8');
    else if (field.number === 2) version = field.value;
  });
  return [domain || 'ai.onnx', version];
}

async function readTensorSize(walk: ProtobufWalk, { start, end }: ProtobufField) {
  let elements = 1;
  let type = 0;
  let textBytes = 0;
  await walk.each(start, end, async (field) => {
    if (field.number === 1) for (const size of await walk.numbers(field)) elements *= size;
    else if (field.number === 2) type = field.value;
    else if (field.number === 6) textBytes += field.end - field.start;
  });
  const bits = elementBits[type];
  return { elements, bytes: bits === undefined ? textBytes : Math.ceil((elements * bits) / 8) };
}
