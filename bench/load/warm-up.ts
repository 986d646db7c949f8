import { type LoadJob, load } from './load.ts';

/**
 * So many seconds of load. V8 goes on compiling what some ten thousand requests run, on the cores of what is measured; of a
 * model that answers a hundred a second, its code is at least not new any more.
 */
const seconds = 8;

/** Loads a server until it is as quick as one that has been up for a while. */
export async function warmUp(job: Omit<LoadJob, 'seconds'>, request: Uint8Array): Promise<void> {
  await load({ ...job, seconds }, request);
}
