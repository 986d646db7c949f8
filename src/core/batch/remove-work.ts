import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from './in-parallel.ts';
import { planFile, workFolder } from './work-files.ts';

const filesAtOnce = 32;

/** Lets go of all that a job needed until its report was there. */
export async function removeWork(output: ObjectStore): Promise<void> {
  await inParallel(await output.list(workFolder), filesAtOnce, ({ key }) => output.remove(key));
  // Where nothing was left but its folder, that goes with it.
  await output.remove(planFile);
}
