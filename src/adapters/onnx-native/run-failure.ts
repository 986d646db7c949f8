import { ServiceError } from '../../protocol/service-error.ts';
import { RuntimeError } from './runtime-error.ts';

const invalidArgument = 2;
// Where in the runtime's source an error arose, and advice that is none for the caller.
const sourcePlace = /\S+\.(cc|cpp|h|cu):\d+( [^\n]*?\))?/g;
const advice = /Please fix either the inputs\/outputs or the model\.?/g;

/** The error for the caller: the runtime's own words where it refused the inputs, none of them where the model failed. */
export function runFailure(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  // A node that fails while the model runs says the same number, but speaks of the model's insides.
  const isRefusal =
    error instanceof RuntimeError && error.code === invalidArgument && !/^Non-zero status/.test(error.message);
  if (!isRefusal) return new ServiceError(500, 'The model failed to run', { cause: error });
  const message = error.message.replace(sourcePlace, '').replace(advice, '').replace(/\s+/g, ' ').trim();
  return new ServiceError(400, `the runtime refused the inputs: ${message}`, { cause: error });
}
