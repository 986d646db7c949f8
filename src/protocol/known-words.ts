const encoder = new TextEncoder();

/** Words that JSON is expected to hold, found by their bytes, so that no string is made of them each time. */
export class KnownWords<Word extends string> {
  readonly words: readonly Word[];
  readonly #bytes: readonly Uint8Array[];

  constructor(words: readonly Word[]) {
    this.words = words;
    this.#bytes = words.map((word) => encoder.encode(`${word}"`));
  }

  /** Which word stands at `at`, with the quote that ends it; -1 where none does. */
  find(bytes: Uint8Array, at: number): number {
    const words = this.#bytes;
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index] as Uint8Array;
      let same = 0;
      while (same < word.length && bytes[at + same] === word[same]) same += 1;
      if (same === word.length) return index;
    }
    return -1;
  }
}
