import { open } from 'node:fs/promises';
import { type ProtobufField, ProtobufWalk } from './protobuf-walk.ts';

const deepest = 64;

// Field numbers of onnx.proto3 that lead to nodes and tensors, by message.
const messages: Record<string, Record<number, string>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
};

/** Takes one field of a message `kind`; `child` is the kind of message that it holds, where it leads to tensors. */
export type VisitOnnx = (
  walk: ProtobufWalk,
  kind: string,
  field: ProtobufField,
  child: string | undefined,
) => Promise<void> | void;

/**
 * Visits the fields of an ONNX file on the way to its tensors, subgraphs and functions included, and skips over weights.
 *
 * A field is visited before what it holds. Rejects with an Error where the file is empty, or no well-formed protobuf.
 * Source: onnx.proto3.
 */
export async function walkOnnx(path: string, visit: VisitOnnx): Promise<void> {
  const file = await open(path);
  try {
    const walk = new ProtobufWalk(file, (await file.stat()).size);
    // To protobuf, nothing at all is a well-formed message.
    if (walk.size === 0) throw new Error('empty');
    const message = async (kind: string, start: number, end: number, depth: number): Promise<void> => {
      if (depth > deepest) throw walk.broken('messages are nested too deep');
      await walk.each(start, end, async (field) => {
        const child = field.wire === 2 ? messages[kind]?.[field.number] : undefined;
        await visit(walk, kind, field, child);
        if (child && child !== 'entry') await message(child, field.start, field.end, depth + 1);
      });
    };
    await message('model', 0, walk.size, 0);
  } finally {
    await file.close();
  }
}
