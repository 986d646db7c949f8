/** The content of an empty file. */
export async function* noBytes(): AsyncIterable<Uint8Array> {}
