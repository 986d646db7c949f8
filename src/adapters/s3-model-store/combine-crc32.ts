type Matrix = readonly number[];

/**
 * The CRC32 of two pieces of data in a row, from that of each and the length of the second.
 *
 * To append a zero byte is a linear map on the 32 bits of a CRC: its powers of two, squared up from one another, append
 * any number of them, so pieces that land in any order need not be read again.
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  let crc = first;
  let map = zeroByte;
  for (let bytes = secondBytes; bytes > 0; bytes = Math.floor(bytes / 2)) {
    if (bytes % 2 === 1) crc = apply(map, crc);
    map = square(map);
  }
  return (crc ^ second) >>> 0;
}

function apply(map: Matrix, vector: number): number {
  let sum = 0;
  for (let bit = 0, rest = vector; rest !== 0; bit += 1, rest >>>= 1) if (rest & 1) sum ^= map[bit] as number;
  return sum >>> 0;
}

function square(map: Matrix): Matrix {
  return map.map((column) => apply(map, column));
}

/** The map of one zero bit: CRC32's polynomial, reflected, then a shift by one for each further bit. */
const zeroBit: Matrix = [0xedb88320, ...Array.from({ length: 31 }, (_column, bit) => 2 ** bit)];
const zeroByte = square(square(square(zeroBit)));
