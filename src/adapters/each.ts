/**
 * Does `work` again `ms` milliseconds after it has ended, until the function that comes back is called; `failed` hears
 * of the first failure in a row. Keeps no process alive.
 */
export function each(ms: number, work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let isFailing = false;
  let timer: NodeJS.Timeout;
  let isEnded = false;
  const next = () => {
    if (isEnded) return;
    timer = setTimeout(async () => {
      try {
        await work();
        isFailing = false;
      } catch (error) {
        if (!isFailing) failed(error);
        isFailing = true;
      }
      next();
    }, ms).unref();
  };
  next();
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
