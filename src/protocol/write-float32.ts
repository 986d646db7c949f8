import { writeWhole } from './write-whole.ts';

// Powers of ten, exact up to 10^22.
const tens = Float64Array.from({ length: 60 }, (_, i) => Number(`1e${i}`));
const exactTens = 22;

// For each exponent of FP32: how the smallest number that has it begins, and where the next power of ten is.
const leads = Int32Array.from({ length: 256 }, (_, exponent) => Math.floor(Math.log10(2) * (exponent - 127)));
const nextTens = Float64Array.from(leads, (lead) => Number(`1e${lead + 1}`));
const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The most bytes that one number takes. */
export const float32Bytes = 24;

/**
 * Writes the shortest decimal that reads back as the same FP32 number, which `value` must be, as JavaScript would write
 * that decimal; whole numbers below 1e9 in full. Returns where it ends. `value` must be finite, and `float32Bytes` must
 * be free.
 */
export function writeFloat32(value: number, bytes: Uint8Array, at: number): number {
  single[0] = value;
  const word = bits[0] as number;
  let start = at;
  if (word >= 2 ** 31) {
    bytes[start] = 0x2d;
    start += 1;
  }
  const size = Math.abs(value);
  if (size < 1e9 && Math.floor(size) === size) return writeWhole(size, bytes, start);
  const exponent = (word >>> 23) & 0xff;
  // Below the normal numbers, FP32 has fewer digits than this goes by.
  if (exponent === 0) return writeText(byPrecision(size), bytes, start);
  const lead = (leads[exponent] as number) + (size >= (nextTens[exponent] as number) ? 1 : 0);

  // Rounded to 9 digits in all, any FP32 number reads back; most need 8. Below 6, none is another's neighbour.
  let places = 7 - lead;
  let digits = rounded(size, places);
  let reads = readsBack(digits, places, size);
  if (reads === false) {
    places += 1;
    digits = rounded(size, places);
    reads = readsBack(digits, places, size);
  } else {
    for (let left = 7; left >= 6; left -= 1) {
      const fewer = rounded(size, places - 1);
      const fewerRead = readsBack(fewer, places - 1, size);
      if (fewerRead === undefined) reads = undefined;
      if (!fewerRead) break;
      places -= 1;
      digits = fewer;
    }
  }
  return reads
    ? writeDecimal(digits, places, lead + 1 + places, bytes, start)
    : writeText(byPrecision(size), bytes, start);
}

/** `size` in units of 10^-places, rounded: nine digits at most. */
function rounded(size: number, places: number): number {
  return Math.round(places >= 0 ? size * (tens[places] as number) : size / (tens[-places] as number));
}

/**
 * Whether so many units of 10^-places read back as `size`; undefined where the powers of ten are too coarse to tell.
 */
function readsBack(digits: number, places: number, size: number): boolean | undefined {
  const value = places >= 0 ? digits / (tens[places] as number) : digits * (tens[-places] as number);
  // One division or product of two exact doubles is what a reader of the decimal gets.
  if (places <= exactTens && places >= -exactTens) return Math.fround(value) === size;
  const least = Math.fround(value * (1 - 2 ** -50)) === size;
  const most = Math.fround(value * (1 + 2 ** -50)) === size;
  return least === most ? least : undefined;
}

/** Writes `units` of 10^-unitPlaces, which have `unitCount` digits, or are the power of ten above that. */
function writeDecimal(units: number, unitPlaces: number, unitCount: number, bytes: Uint8Array, at: number): number {
  let digits = units | 0;
  let places = unitPlaces;
  let count = digits >= (tens[unitCount] as number) ? unitCount + 1 : unitCount;
  for (let rest = (digits / 10) | 0; rest * 10 === digits; rest = (digits / 10) | 0) {
    digits = rest;
    places -= 1;
    count -= 1;
  }
  // Digits before the point; as JavaScript has it, an exponent comes from 22 on and where five zeros would follow the
  // point.
  const whole = count - places;
  if (whole > 21 || whole < -5) return writeExponent(digits, count, whole - 1, bytes, at);
  if (places <= 0) {
    const end = writeWhole(digits, bytes, at);
    bytes.fill(0x30, end, end - places);
    return end - places;
  }
  let start = at;
  if (whole <= 0) {
    bytes[start] = 0x30;
    bytes[start + 1] = 0x2e;
    bytes.fill(0x30, start + 2, start + 2 - whole);
    start += 2 - whole;
    return writeWhole(digits, bytes, start);
  }
  return writePoint(digits, count, whole, bytes, start);
}

/** Writes `count` digits, with a point before all but the first `whole`. */
function writePoint(digits: number, count: number, whole: number, bytes: Uint8Array, at: number): number {
  let rest = digits;
  for (let place = at + count; place > at + whole; place -= 1) {
    const next = (rest / 10) | 0;
    bytes[place] = 0x30 + rest - next * 10;
    rest = next;
  }
  bytes[at + whole] = 0x2e;
  writeWhole(rest, bytes, at);
  return at + count + 1;
}

function writeExponent(digits: number, count: number, exponent: number, bytes: Uint8Array, at: number): number {
  let end = count === 1 ? writeWhole(digits, bytes, at) : writePoint(digits, count, 1, bytes, at);
  bytes[end] = 0x65;
  bytes[end + 1] = exponent < 0 ? 0x2d : 0x2b;
  end += 2;
  return writeWhole(Math.abs(exponent), bytes, end);
}

function writeText(text: string, bytes: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** The same, slowly, for any positive FP32 number. */
function byPrecision(size: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(size.toPrecision(digits));
    if (Math.fround(short) === size) return String(short);
  }
  return String(Number(size.toPrecision(9)));
}
