/** Rows of a block. */
const blockSize = 32;

/** How a matrix of `rows` is laid out in blocks: bytes are of one column. */
export function blockSizes(rows: number, bits: 4 | 8) {
  const blocks = Math.ceil(rows / blockSize);
  return { blockSize, blocks, blockBytes: (blockSize * bits) / 8, zeroPointBytes: Math.ceil((blocks * bits) / 8) };
}
