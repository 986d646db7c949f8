import { ServiceError } from '../../protocol/service-error.ts';
import { cleanMessage } from './clean-message.ts';
import { RuntimeError } from './runtime-error.ts';

const invalidArgument = 2;
const noMemory = /failed to allocate memory|bad[_ ]alloc/i;

/**
 * The error for the caller, in the runtime's own words: 400 where it refused the inputs before it ran the model, 500
 * where a node failed on them, which may be a fault of the inputs or of the model, or want of memory: that may pass.
 */
export function runFailure(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof RuntimeError)) return new ServiceError(500, 'The model failed to run', { cause: error });
  const message = cleanMessage(error.message);
  // A node that fails can say the same number.
  if (error.code === invalidArgument && !/^Non-zero status/.test(error.message)) {
    return new ServiceError(400, `the runtime refused the inputs: ${message}`, { cause: error });
  }
  const mayPass = noMemory.test(message) && { retryAfterSeconds: 1 };
  return new ServiceError(500, `the model failed on these inputs: ${message}`, { cause: error, ...mayPass });
}
