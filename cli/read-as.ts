import { InvalidArgumentError } from 'commander';
import { UsageError } from './usage-error.ts';

/** Reads a text as an option that it stands for. Throws a UsageError where that would be invalid. */
export function readAs<T>(read: (text: string) => T, text: string): T {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(`'${text}' is invalid: ${error.message}`, { cause: error });
  }
}
