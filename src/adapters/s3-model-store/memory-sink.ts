/**
 * What `downloadRange` writes to where a range is to lie in memory: `content`, whose first byte is the object's at
 * `start`.
 */
export function memorySink(content: Uint8Array, start: number) {
  return {
    async write(piece: Uint8Array, position: number): Promise<void> {
      content.set(piece, position - start);
    },
  };
}
