/** Bytes that are there already, as a body of one piece. */
export async function* onePiece(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}
