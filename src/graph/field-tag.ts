/** Wire types: a varint, and bytes, texts or a message. */
export type WireType = 0 | 1 | 2 | 5;

/** A protobuf field's number and wire type in one number, as it is encoded. Source: protobuf.dev, "Encoding". */
export function fieldTag(number: number, wire: WireType): number {
  return number * 8 + wire;
}
