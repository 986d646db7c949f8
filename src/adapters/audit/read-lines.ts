import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';

/** The lines of a file, without their ends. */
export async function* readLines(store: ObjectStore, file: StoredFile): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of store.read(file)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
