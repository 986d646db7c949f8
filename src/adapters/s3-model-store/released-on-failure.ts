/** What `work` gives; where it rejects, `release` is called first. */
export async function releasedOnFailure<T>(release: () => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    release();
    throw error;
  }
}
