import { open } from 'node:fs/promises';
import { type ProtobufField, ProtobufWalk } from './protobuf-walk.ts';

/** Names of the inputs and outputs of whose shape an ONNX file says nothing. Rejects with an Error where it is no well-formed protobuf. */
export async function shapelessValues(path: string): Promise<ReadonlySet<string>> {
  const file = await open(path);
  try {
    const walk = new ProtobufWalk(file, (await file.stat()).size);
    const names = new Set<string>();
    // Field numbers of onnx.proto3: ModelProto.graph, then GraphProto.input and .output.
    await walk.each(0, walk.size, async (field) => {
      if (field.number !== 7 || field.wire !== 2) return;
      await walk.each(field.start, field.end, async (value) => {
        if (value.wire !== 2 || (value.number !== 11 && value.number !== 12)) return;
        const { name, hasShape } = await readValue(walk, value);
        if (!hasShape) names.add(name);
      });
    });
    return names;
  } finally {
    await file.close();
  }
}

/** Source: onnx.proto3, ValueInfoProto (name 1, type 2), TypeProto (tensor_type 1), TypeProto.Tensor (shape 2). */
async function readValue(walk: ProtobufWalk, value: ProtobufField): Promise<{ name: string; hasShape: boolean }> {
  let name = '';
  let hasShape = false;
  await walk.each(value.start, value.end, async (field) => {
    if (field.number === 1) name = (await walk.bytes(field)).toString('utf8');
    if (field.number !== 2 || field.wire !== 2) return;
    await walk.each(field.start, field.end, async (type) => {
      if (type.number !== 1 || type.wire !== 2) return;
      await walk.each(type.start, type.end, (part) => {
        if (part.number === 2) hasShape = true;
      });
    });
  });
  return { name, hasShape };
}
