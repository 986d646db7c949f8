/** What one of several sources gave. */
export interface FromSource<T> {
  /** Its place among them. */
  readonly index: number;
  readonly value: T;
}

/** Begins a source; it ends with `signal`. */
export type OpenSource<T> = (signal: AbortSignal) => AsyncGenerator<T, void>;

interface Source<T> {
  readonly generator: AsyncGenerator<T, void>;
  /** What it gives next, once it was asked. */
  next: Promise<IteratorResult<T, void>> | undefined;
}

/**
 * What several sources give, as it comes; up to `atOnce` of them are under way, begun in order, and no one is asked for
 * more before what it gave was taken. All end with the first failure, as the reader leaves (`return`), or with
 * `signal`.
 */
export async function* interleave<T>(
  sources: readonly OpenSource<T>[],
  atOnce: number,
  signal: AbortSignal,
): AsyncGenerator<FromSource<T>, void> {
  const own = new AbortController();
  const both = AbortSignal.any([signal, own.signal]);
  const open = new Map<number, Source<T>>();
  let begun = 0;
  try {
    for (;;) {
      for (; open.size < atOnce && begun < sources.length; begun += 1)
        open.set(begun, { generator: (sources[begun] as OpenSource<T>)(both), next: undefined });
      if (open.size === 0) return;
      const { index, result } = await Promise.race([...open].map(([place, source]) => nextOf(place, source)));
      const source = open.get(index) as Source<T>;
      // The race is for the first in order where several are ready: who had a turn goes to the end.
      open.delete(index);
      if (result.done) continue;
      source.next = undefined;
      open.set(index, source);
      yield { index, value: result.value };
    }
  } finally {
    own.abort();
    await Promise.allSettled([...open.values()].map(({ generator }) => generator.return()));
  }
}

async function nextOf<T>(index: number, source: Source<T>) {
  source.next ??= source.generator.next();
  return { index, result: await source.next };
}
