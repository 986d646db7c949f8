import type { TensorEntry, Tensors } from './encode-tensors.ts';

const lengthBytes = Uint32Array.BYTES_PER_ELEMENT;

/**
 * What `encodeTensors` made bytes of; each tensor in memory of its own. Throws an Error for what is not whole, or none:
 * `what` is what was expected.
 */
export function decodeTensors<Head, Group extends string>(
  bytes: Uint8Array,
  what: string,
): { readonly head: Head; readonly groups: Readonly<Record<Group, Tensors>> } {
  const { tensors, ...head } = headOf<Group>(bytes, what);
  let at = lengthBytes + headBytes(bytes);
  const take = (entries: readonly TensorEntry[]): Tensors =>
    new Map(
      entries.map(([name, datatype, shape, length]) => {
        const data = bytes.slice(at, at + length);
        at += length;
        if (data.length !== length) throw new Error(`${what} ends too early`);
        return [name, { datatype, shape, data }];
      }),
    );
  const taken = Object.entries<readonly TensorEntry[]>(tensors).map(([name, entries]) => [name, take(entries)]);
  return { head: head as Head, groups: Object.fromEntries(taken) };
}

function headBytes(bytes: Uint8Array): number {
  return bytes.length < lengthBytes ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function headOf<Group extends string>(bytes: Uint8Array, what: string) {
  try {
    const text = new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + headBytes(bytes)));
    const head = JSON.parse(text) as { readonly tensors: Readonly<Record<Group, readonly TensorEntry[]>> };
    if (typeof head.tensors === 'object') return head;
  } catch {
    // Told below, as what is JSON, but no head.
  }
  throw new Error(`expected ${what}`);
}
