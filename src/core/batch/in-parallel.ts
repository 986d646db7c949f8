/**
 * Does `work` for each item, `atOnce` at a time, begun in order; takes an item when its turn comes. Rejects with the
 * first failure; nothing is begun after it.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let isFailed = false;
  const worker = async () => {
    while (!isFailed) {
      const { value, done } = rest.next();
      if (done) return;
      await work(value).catch((error) => {
        isFailed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
