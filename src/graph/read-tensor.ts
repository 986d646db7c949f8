import { countElements } from '../protocol/count-elements.ts';
import { elementBits } from './element-bits.ts';
import { fieldTag } from './field-tag.ts';
import { joinBytes } from './join-bytes.ts';
import type { OnnxTensor } from './onnx-model.ts';
import type { OpenData } from './open-data.ts';
import type { ProtobufField, ProtobufWalk } from './protobuf-walk.ts';
import { rangeBytes } from './range-bytes.ts';
import { readExternalDataEntry } from './read-external-data-entry.ts';
import type { StoredBytes } from './stored-bytes.ts';
import { varintElements } from './varint-elements.ts';

const mostHeld = 1024;
const texts = 8;
const external = 1;

/**
 * Reads a TensorProto, its elements left where they are. Without `open`, elements of other files cannot be read.
 * Rejects where they are not as many as the shape asks for.
 */
export async function readTensor(
  walk: ProtobufWalk,
  { start, end }: ProtobufField,
  open: OpenData | undefined,
): Promise<OnnxTensor> {
  const shape: number[] = [];
  const entries = new Map<string, string>();
  const typed: ProtobufField[] = [];
  const others: ProtobufField[] = [];
  let name = '';
  let dataType = 0;
  let raw: ProtobufField | undefined;
  let place = 0;
  walk.keep();
  await walk.each(start, end, async (field) => {
    switch (field.tag) {
      case fieldTag(1, 0):
      case fieldTag(1, 2):
        shape.push(...(await walk.numbers(field)));
        return;
      case fieldTag(2, 0):
        dataType = field.value;
        return;
      case fieldTag(8, 2):
        name = await walk.text(field);
        return;
      case fieldTag(9, 2):
        raw = field;
        return;
      case fieldTag(13, 2): {
        const [key, value] = await readExternalDataEntry(walk, field);
        if (entries.has(key)) throw walk.broken(`a tensor has two entries '${key}' of external data`);
        entries.set(key, value);
        return;
      }
      case fieldTag(14, 0):
        place = field.value;
        return;
    }
    walk.keep();
    const isTyped = field.number in typedWires && [typedWires[field.number], 2].includes(field.wire);
    (isTyped ? typed : others).push(field);
  });
  const tensor = { name, dataType, shape, extra: await walk.encoded(others) };
  const length = byteLength(walk, tensor);
  const location = entries.get('location');
  const at = location === undefined ? {} : { location };
  if (place === external) {
    if (length === undefined) throw walk.broken(`tensor '${name}' has its elements in another file, and no size`);
    return { ...tensor, ...at, ...(await externalBytes(walk, entries, length, open)) };
  }
  const data = raw ? await walk.stored(raw.start, raw.end, mostHeld) : await typedBytes(walk, tensor, typed, length);
  if (length !== undefined && data.length !== length)
    throw walk.broken(`tensor '${name}' has ${data.length} bytes where its shape asks for ${length}`);
  return { ...tensor, ...at, data };
}

/** Fields of elements by their type, and how one that is not packed is encoded. */
const typedWires: Readonly<Record<number, number>> = { 4: 5, 5: 0, 6: 2, 7: 0, 10: 1, 11: 0 };

/** Undefined for texts, and for types that are not known. */
function byteLength(
  walk: ProtobufWalk,
  { name, dataType, shape }: Pick<OnnxTensor, 'name' | 'dataType' | 'shape'>,
): number | undefined {
  const elements = countElements(shape);
  if (!Number.isSafeInteger(elements) || shape.some((size) => !Number.isSafeInteger(size)))
    throw walk.broken(`tensor '${name}' has the shape ${shape.slice(0, 16)}`);
  const bits = elementBits[dataType];
  return bits === undefined ? undefined : Math.ceil((elements * bits) / 8);
}

/** Elements of a field for their type: `float_data` and the like. */
async function typedBytes(
  walk: ProtobufWalk,
  { name, dataType }: Pick<OnnxTensor, 'name' | 'dataType'>,
  fields: readonly ProtobufField[],
  length: number | undefined,
): Promise<StoredBytes> {
  if (dataType === texts) return walk.encoded(fields.filter(({ number }) => number === 6));
  const [first] = fields;
  if (first && fields.some(({ number }) => number !== first.number))
    throw walk.broken(`tensor '${name}' has its elements in two fields`);
  const parts: StoredBytes[] = [];
  for (const { start, end } of fields) parts.push(await walk.stored(start, end, mostHeld));
  const encoded = joinBytes(parts);
  if (first === undefined || typedWires[first.number] !== 0) return encoded;
  if (length === undefined) throw walk.broken(`tensor '${name}' has elements of the unknown type ${dataType}`);
  // Two elements of 4 bits stand in one number.
  const width = Math.max(1, (elementBits[dataType] ?? 0) / 8);
  if (width > 8 || (length > 0 && encoded.length < length / width))
    throw walk.broken(`tensor '${name}' has not as many elements as its shape`);
  return varintElements(encoded, width, length);
}

/** Elements of a file beside the model. Source: onnx.proto3, TensorProto.external_data. */
async function externalBytes(
  walk: ProtobufWalk,
  entries: ReadonlyMap<string, string>,
  length: number,
  open: OpenData | undefined,
): Promise<Pick<OnnxTensor, 'data' | 'offset'>> {
  const location = entries.get('location') ?? '';
  const offset = wholeOf(entries.get('offset') ?? '0');
  const given = wholeOf(entries.get('length') ?? String(length));
  if (offset === undefined || given !== length)
    throw walk.broken(
      `external data '${location}' has offset ${entries.get('offset')} and length ${entries.get('length')} where ${length} bytes are asked for`,
    );
  if (!open) return { offset, data: unopened(location, length) };
  const source = await open(location);
  if (offset + length > source.size)
    throw walk.broken(`external data '${location}' ends before offset ${offset} and ${length} bytes`);
  return { offset, data: rangeBytes(source, offset, length) };
}

function wholeOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function unopened(location: string, length: number): StoredBytes {
  return {
    length,
    // biome-ignore lint/correctness/useYield: it has nothing to give.
    async *pieces() {
      throw new Error(`external data '${location}' was not opened`);
    },
  };
}
