import type { ByteWriter } from './byte-writer.ts';

// JSON.stringify writes many doubles at once quicker than they are written one by one.
const block = 4096;

/** Writes FP64 numbers, each with a comma behind it; NaN and infinities are strings. */
export function encodeDoubles(writer: ByteWriter, values: Float64Array): void {
  for (let start = 0; start < values.length; start += block) {
    const some = Array.from(values.subarray(start, start + block));
    const text = some.every(isPlain) ? JSON.stringify(some).slice(1, -1) : some.map(written).join(',');
    writer.text(text);
    writer.text(',');
  }
}

/** Whether JSON.stringify keeps it: it has no form for NaN and infinities, and drops the sign of zero. */
function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function written(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
