/**
 * What all of `works` give. The first to fail ends the others by `abort`; its reason is thrown once none of them runs
 * any more.
 *
 * Works may be such groups themselves, with the same `abort`: then too what is thrown is what failed first, and not
 * that others were ended.
 */
export async function allOrNone<T>(abort: AbortController, works: readonly Promise<T>[]): Promise<T[]> {
  let hasFailed = false;
  for (const work of works) {
    work.catch((reason) => {
      hasFailed = true;
      // Without effect where it was aborted before.
      abort.abort(reason);
    });
  }
  await Promise.allSettled(works);
  if (hasFailed) throw abort.signal.reason;
  return Promise.all(works);
}
