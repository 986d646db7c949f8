import { whyUnreadable } from '../src/adapters/why-unreadable.ts';

/** Throws, for a file that was given on the command line, an Error that says why it cannot be read. */
export function unreadable(file: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new Error(whyUnreadable(file, error));
  };
}
