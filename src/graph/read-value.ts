import { fieldTag } from './field-tag.ts';
import type { OnnxValue, TensorType } from './onnx-model.ts';
import type { ProtobufField, ProtobufWalk } from './protobuf-walk.ts';

/**
 * Reads a ValueInfoProto, and what it says of a tensor. Source: onnx.proto3, TypeProto (tensor_type 1),
 * TypeProto.Tensor, TensorShapeProto.
 */
export async function readValue(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<OnnxValue> {
  let name = '';
  let type: TensorType | undefined;
  await walk.each(start, end, async (field) => {
    if (field.tag === fieldTag(1, 2)) name = await walk.text(field);
    if (field.tag !== fieldTag(2, 2)) return;
    await walk.each(field.start, field.end, async (kind) => {
      if (kind.tag === fieldTag(1, 2)) type = await readTensorType(walk, kind);
    });
  });
  const encoded = await walk.stored(start, end);
  return { name, ...(type ? { type } : {}), encoded };
}

async function readTensorType(walk: ProtobufWalk, { start, end }: ProtobufField): Promise<TensorType> {
  let dataType = 0;
  let shape: (number | string | undefined)[] | undefined;
  await walk.each(start, end, async (field) => {
    if (field.tag === fieldTag(1, 0)) dataType = field.value;
    if (field.tag !== fieldTag(2, 2)) return;
    const sizes: (number | string | undefined)[] = [];
    await walk.each(field.start, field.end, async (dimension) => {
      if (dimension.tag !== fieldTag(1, 2)) return;
      walk.keep();
      let size: number | string | undefined;
      await walk.each(dimension.start, dimension.end, async (part) => {
        // Below 0, which is above all sizes here, it is free: as some exporters write it.
        if (part.tag === fieldTag(1, 0)) size = part.value <= Number.MAX_SAFE_INTEGER ? part.value : undefined;
        if (part.tag === fieldTag(2, 2)) size = (await walk.text(part)) || undefined;
      });
      sizes.push(size);
    });
    shape = sizes;
  });
  return { dataType, ...(shape ? { shape } : {}) };
}
