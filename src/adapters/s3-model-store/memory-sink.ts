/** What `downloadRange` writes to where a range is to lie in memory: `content`, whose first byte is the object's at `start`. */
export function memorySink(content: Uint8Array, start: number) {
  return {
    async writev(chunks: readonly Uint8Array[], position: number): Promise<void> {
      let at = position - start;
      for (const chunk of chunks) {
        content.set(chunk, at);
        at += chunk.length;
      }
    },
  };
}
