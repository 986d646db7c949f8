import type { ByteWriter } from './byte-writer.ts';
import type { EncodedBody } from './encoded-body.ts';

/** The body of the JSON that was written and the binary tensors behind it: in one piece where it is small. */
export function finishBody(writer: ByteWriter, binary: readonly Uint8Array[]): EncodedBody {
  if (binary.length === 0) return { chunks: [writer.finish()], jsonBytes: undefined };
  const jsonBytes = writer.at;
  let joined = 0;
  for (; joined < binary.length; joined += 1) {
    const packed = binary[joined] as Uint8Array;
    if (!writer.isSmallWith(packed.length)) break;
    writer.append(packed);
  }
  return { chunks: [writer.finish(), ...binary.slice(joined)], jsonBytes };
}
