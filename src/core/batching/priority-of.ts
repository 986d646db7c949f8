import type { QueueConfig } from '../../ports/model-store.ts';
import type { Parameters } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * The priority of a request by its parameter `priority`, as in Triton's schedule policy extension: 1 is the highest; 0,
 * none, and one that the model does not have stand for the model's default. Throws 400 for what is no priority.
 */
export function priorityOf({ priority = 0 }: Parameters, { priorityLevels, defaultPriority }: QueueConfig): number {
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0) {
    const given = JSON.stringify(priority);
    throw new ServiceError(400, `parameter 'priority': expected a whole number, 1 being the highest, got ${given}`);
  }
  return priority === 0 || priority > priorityLevels ? defaultPriority : priority;
}
