import type { ChosenVersion } from '../../core/canary/chosen-version.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import { taskNameOf } from '../../core/tasks/task-name-of.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InferCall } from '../infer-call.ts';

/**
 * Whether a version goes on with text. One that does not say what it is for is loaded, if need be: its folder may.
 * Rejects as loading does.
 */
export async function isForText(
  dataPlane: DataPlane,
  clock: Clock,
  chosen: ChosenVersion,
  call: InferCall,
): Promise<boolean> {
  const { version } = chosen;
  if (taskNameOf(version) === undefined) {
    try {
      call.begin({ parameters: {}, inputs: [] }, false);
      await dataPlane.signature(version, call);
    } catch (error) {
      chosen.failed(clock.now() - call.received, error);
      call.end();
      throw error;
    }
  }
  return taskNameOf(version) === 'text-generation';
}
