import { ByteWriter } from './byte-writer.ts';
import { encodeElements } from './encode-elements.ts';
import type { Tensor } from './tensor.ts';

const decoder = new TextDecoder();

/** A tensor's elements as the text of a flat JSON array, as `encodeElements` writes it. */
export function writeElements(name: string, tensor: Tensor): string {
  const writer = new ByteWriter();
  encodeElements(writer, name, tensor);
  return decoder.decode(writer.finish());
}
