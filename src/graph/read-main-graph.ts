import { open } from 'node:fs/promises';
import type { FileTensor, GraphNode, MainGraph } from './main-graph.ts';
import { type ProtobufField, ProtobufWalk } from './protobuf-walk.ts';

const mostNodes = 10_000;
// Axes, or one for each dimension. A varint has 10 bytes at most.
const mostIntegers = 32;

/** Reads the nodes of an ONNX file, and the shapes of what they work on. Rejects with an Error where it is no well-formed protobuf. Source: onnx.proto3. */
export async function readMainGraph(path: string): Promise<MainGraph> {
  const file = await open(path);
  try {
    const walk = new ProtobufWalk(file, (await file.stat()).size);
    const graph = {
      opset: 1,
      nodes: [] as GraphNode[],
      initializers: new Map<string, FileTensor>(),
      inputs: new Map<string, number | undefined>(),
      outputs: [] as string[],
      hasFunctions: false,
    };
    await walk.each(0, walk.size, async (field) => {
      if (field.number === 8 && field.wire === 2) graph.opset = await readOpset(walk, field, graph.opset);
      if (field.number === 25) graph.hasFunctions = true;
      if (field.number !== 7 || field.wire !== 2) return;
      await walk.each(field.start, field.end, async (part) => {
        if (part.wire !== 2) return;
        if (part.number === 1) {
          if (graph.nodes.length >= mostNodes) throw walk.broken('it has too many nodes');
          graph.nodes.push(await readNode(walk, part));
        } else if (part.number === 5) graph.initializers.set(...(await readTensor(walk, part)));
        else if (part.number === 11) graph.inputs.set(...(await readValue(walk, part)));
        else if (part.number === 12) graph.outputs.push((await readValue(walk, part))[0]);
      });
    });
    return graph;
  } finally {
    await file.close();
  }
}

async function readOpset(walk: ProtobufWalk, { start, end }: ProtobufField, known: number): Promise<number> {
  let domain = '';
  let version = known;
  await walk.each(start, end, async (field) => {
    if (field.number === 1) domain = await text(walk, field);
    else if (field.number === 2) version = field.value;
  });
  return domain === '' || domain === 'ai.onnx' ? version : known;
}

async function readNode(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<GraphNode> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const integers = new Map<string, readonly number[]>();
  let value: FileTensor | undefined;
  let hasGraph = false;
  let type = '';
  let domain = '';
  await walk.each(start, end, async (field) => {
    if (field.number === 1) inputs.push(await text(walk, field));
    else if (field.number === 2) outputs.push(await text(walk, field));
    else if (field.number === 4) type = await text(walk, field);
    else if (field.number === 7) domain = await text(walk, field);
    else if (field.number === 5) {
      const attribute = await readAttribute(walk, field);
      if (attribute.values.length <= mostIntegers) integers.set(attribute.name, attribute.values);
      if (attribute.name === 'value') value = attribute.tensor;
      hasGraph ||= attribute.hasGraph;
    }
  });
  const operator = domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`;
  return { operator, inputs, outputs, integers, value, hasGraph };
}

async function readAttribute(walk: ProtobufWalk, { start, end }: ProtobufField) {
  const values: number[] = [];
  let name = '';
  let tensor: FileTensor | undefined;
  let hasGraph = false;
  await walk.each(start, end, async (field) => {
    if (field.number === 1) name = await text(walk, field);
    else if (field.number === 3 || field.number === 8) {
      // One more than there may be tells that it is a long one.
      if (values.length <= mostIntegers) values.push(...signed(await walk.bytes(firstOf(field))));
    } else if (field.number === 5) [, tensor] = await readTensor(walk, field);
    else if (field.number === 6 || field.number === 11) hasGraph = true;
  });
  return { name, values, tensor, hasGraph };
}

/** As much of a field of varints as tells whether there are too many of them. */
function firstOf(field: ProtobufField): ProtobufField {
  return { ...field, end: Math.min(field.end, field.start + 10 * (mostIntegers + 1)) };
}

/** TensorProto: dims 1, data_type 2, int32_data 5, int64_data 7, name 8, raw_data 9. */
async function readTensor(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<[string, FileTensor]> {
  const shape: number[] = [];
  const numbers: number[] = [];
  let name = '';
  let type = 0;
  let raw: ProtobufField | undefined;
  await walk.each(start, end, async (field) => {
    if (field.number === 1) shape.push(...(await walk.numbers(field)));
    else if (field.number === 2) type = field.value;
    else if (field.number === 8) name = await text(walk, field);
    else if (field.number === 9) raw = field;
    else if (field.number === 5 || field.number === 7) {
      if (numbers.length <= mostIntegers) numbers.push(...signed(await walk.bytes(firstOf(field))));
    }
  });
  const bytes = wholeBytes[type];
  const count = shape.reduce((product, size) => product * size, 1);
  if (!bytes || shape.length > 1 || count > mostIntegers) return [name, { shape }];
  if (raw?.end === (raw?.start ?? 0) + count * bytes)
    numbers.push(...wholes(await walk.bytes(raw as ProtobufField), bytes));
  return [name, numbers.length === count ? { shape, numbers } : { shape }];
}

/** Bytes of an element of INT32 and INT64. */
const wholeBytes: Readonly<Record<number, 4 | 8>> = { 6: 4, 7: 8 };

function wholes(bytes: Buffer, each: 4 | 8): number[] {
  return Array.from({ length: bytes.length / each }, (_item, index) =>
    each === 4 ? bytes.readInt32LE(4 * index) : Number(bytes.readBigInt64LE(8 * index)),
  );
}

/** ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its Tensor: shape 2; TensorShapeProto: dim 1. */
async function readValue(walk: ProtobufWalk, value: ProtobufField): Promise<[string, number | undefined]> {
  let name = '';
  let rank: number | undefined;
  await walk.each(value.start, value.end, async (field) => {
    if (field.number === 1) name = await text(walk, field);
    if (field.number !== 2) return;
    await walk.each(field.start, field.end, async (type) => {
      if (type.number !== 1 || type.wire !== 2) return;
      await walk.each(type.start, type.end, async (part) => {
        if (part.number !== 2) return;
        rank = 0;
        await walk.each(part.start, part.end, () => {
          rank = (rank ?? 0) + 1;
        });
      });
    });
  });
  return [name, rank];
}

async function text(walk: ProtobufWalk, field: ProtobufField): Promise<string> {
  return (await walk.bytes(field)).toString('utf8');
}

/** Varints of 64 bits in two's complement, in a row. */
function signed(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    values.push(Number(BigInt.asIntN(64, value)));
    value = 0n;
    shift = 0n;
  }
  return values;
}
