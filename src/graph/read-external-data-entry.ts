import type { ProtobufField, ProtobufWalk } from './protobuf-walk.ts';

const longestEntry = 32 * 1024;

/** Key and value of an entry of a tensor's `external_data`. Source: onnx.proto3, StringStringEntryProto. */
export async function readExternalDataEntry(
  walk: ProtobufWalk,
  { start, end }: ProtobufField,
): Promise<readonly [key: string, value: string]> {
  if (end - start > longestEntry) throw walk.broken('an external data entry is too long');
  walk.keep();
  const texts: Record<number, string> = {};
  await walk.each(start, end, async (field) => {
    if (field.wire !== 2) throw walk.broken('an external data entry is malformed');
    texts[field.number] = await walk.text(field);
  });
  return [texts[1] ?? '', texts[2] ?? ''];
}
