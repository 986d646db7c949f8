import type { ByteRange } from './byte-range.ts';

const MiB = 1024 * 1024;
const leastBytes = 4 * MiB;
const mostBytes = 16 * MiB;

/**
 * Cuts `bytes` into ranges of one length, a whole number of rounds of `atOnce`.
 *
 * A connection to S3 has a pace of its own: a range left over would hold the whole up for as long as a full round.
 * Under the least length what a further request costs outweighs what it brings.
 */
export function splitRanges(bytes: number, atOnce: number): readonly ByteRange[] {
  const rounds = Math.ceil(bytes / (atOnce * mostBytes));
  const count = Math.min(rounds * atOnce, Math.ceil(bytes / leastBytes));
  const length = Math.ceil(bytes / count);
  return Array.from({ length: count }, (_range, index) => ({
    start: index * length,
    end: Math.min(bytes, (index + 1) * length),
  }));
}
