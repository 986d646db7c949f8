import { isUtf8 } from 'node:buffer';
import type { ProtobufField, ProtobufWalk } from '../../graph/protobuf-walk.ts';
import { walkOnnx } from '../../graph/walk-onnx.ts';

const longestEntry = 32 * 1024;

/**
 * The files that the tensors of an ONNX file lie in, as `external_data` names them, each once.
 *
 * Rejects with an Error where the file is no well-formed protobuf. Source: onnx.proto3, TensorProto.external_data.
 */
export async function externalDataLocations(path: string): Promise<readonly string[]> {
  const locations = new Set<string>();
  await walkOnnx(path, async (walk, _kind, field, child) => {
    if (child !== 'entry') return;
    const [key, value] = await readEntry(walk, field);
    if (key === 'location') locations.add(value ?? '');
  });
  return [...locations];
}

async function readEntry(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<(string | undefined)[]> {
  if (end - start > longestEntry) throw walk.broken('an external data entry is too long');
  const texts: Record<number, string> = {};
  await walk.each(start, end, async (field) => {
    if (field.wire !== 2) throw walk.broken('an external data entry is malformed');
    const text = await walk.bytes(field);
    if (!isUtf8(text)) throw walk.broken('an external data entry is not UTF-8');
    texts[field.number] = text.toString('utf8');
  });
  return [texts[1], texts[2]];
}
