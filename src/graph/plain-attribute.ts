import type { OnnxAttribute } from './onnx-model.ts';
import type { ProtobufField, ProtobufWalk } from './protobuf-walk.ts';
import { signedVarints } from './signed-varints.ts';

type PlainAttribute = Exclude<OnnxAttribute, { kind: 'tensor' | 'graph' | 'parts' | 'other' }>;

const typeField = 20;
const referenceField = 21;
const longest = 32 * 1024;
const kinds: Readonly<Record<number, PlainAttribute['kind']>> = {
  2: 'float',
  3: 'int',
  4: 'text',
  7: 'floats',
  8: 'ints',
  9: 'texts',
};
/** Of an empty list, its type alone tells what it is. Source: onnx.proto3, AttributeProto.AttributeType. */
const emptyLists: Readonly<Record<number, 'floats' | 'ints' | 'texts'>> = { 6: 'floats', 7: 'ints', 8: 'texts' };

/** The value of the fields of an AttributeProto: a number, a text or a list; undefined where it is something else. */
export async function plainAttribute(
  walk: ProtobufWalk,
  fields: readonly ProtobufField[],
): Promise<PlainAttribute | undefined> {
  const [start = 0, end = 0] = [fields[0]?.start, fields.at(-1)?.end];
  if (end - start > longest || fields.some(({ number }) => number === referenceField)) return undefined;
  const held = fields.filter(({ number }) => number in kinds);
  const [first] = held;
  if (!first) {
    const kind = emptyLists[fields.find(({ number, wire }) => number === typeField && wire === 0)?.value ?? 0];
    return kind && { kind, value: [] };
  }
  if (held.some(({ number }) => number !== first.number)) return undefined;
  const bytes = await walk.bytes({ start, end });
  const values: (number | string)[] = [];
  for (const field of held) {
    const read = valuesOf(field, bytes.subarray(field.start - start, field.end - start));
    if (!read) return undefined;
    values.push(...read);
  }
  const kind = kinds[first.number] as PlainAttribute['kind'];
  // Of a field that should be there once, protobuf takes the last.
  const value = kind.endsWith('s') ? values : values.at(-1);
  return { kind, value } as PlainAttribute;
}

function valuesOf({ number, wire }: ProtobufField, bytes: Buffer): readonly (number | string)[] | undefined {
  if (number === 3 || number === 8) return wire === 0 || wire === 2 ? signedVarints(bytes) : undefined;
  if (number === 2 || number === 7) {
    if (wire !== 2 && wire !== 5) return undefined;
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_item, index) => bytes.readFloatLE(4 * index));
  }
  const text = bytes.toString('utf8');
  return wire === 2 && Buffer.from(text).equals(bytes) ? [text] : undefined;
}
