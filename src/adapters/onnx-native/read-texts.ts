import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/** Copies the `count` elements of a string tensor; zero bytes are content like any other. */
export function readTexts(api: Api, value: Pointer, count: number): Uint8Array[] {
  if (count === 0) return [];
  const out = new BigUint64Array(1);
  check(api, api.getStringTensorDataLength(value, out));
  const bytes = Number(out[0]);
  // The runtime refuses an address of nothing, even where there is nothing to write.
  const content = new Uint8Array(Math.max(bytes, 1));
  const offsets = new BigUint64Array(count);
  check(api, api.getStringTensorContent(value, content, bytes, offsets, count));
  return Array.from(offsets, (offset, index) => {
    const end = index + 1 < count ? Number(offsets[index + 1]) : bytes;
    return content.subarray(Number(offset), end);
  });
}
