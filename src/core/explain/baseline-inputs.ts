import { ServiceError } from '../../protocol/service-error.ts';
import { withoutByte } from '../../protocol/without-byte.ts';
import type { Features, ItemInputs } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/**
 * The inputs of a row that is to stand for what is left out. Rejects with 400 that names the parameter.
 *
 * @param where which row of several
 */
export async function baselineInputs(task: Task, row: Features, where?: string): Promise<ItemInputs> {
  if (Array.isArray(row) && row.length === 0)
    throw wrongBaseline('expected a row of columns, or a list of them, got none', {
      ...(where !== undefined && { where }),
    });
  try {
    return (await task.preprocess.apply(row)) as ItemInputs;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // Places in bytes would be of a text that nobody sent.
    throw wrongBaseline(withoutByte(error.message), {
      status: error.status,
      ...(where !== undefined && { where }),
    });
  }
}
