/** What all of `works` give. The first to fail ends the others by `abort`; its reason is thrown once none of them runs any more. */
export async function allOrNone<T>(abort: AbortController, works: readonly Promise<T>[]): Promise<T[]> {
  const reasons: unknown[] = [];
  for (const work of works) {
    work.catch((reason) => {
      reasons.push(reason);
      abort.abort();
    });
  }
  await Promise.allSettled(works);
  if (reasons.length > 0) throw reasons[0];
  return Promise.all(works);
}
