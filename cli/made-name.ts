import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { checkFree } from './check-free.ts';
import { checkWritable } from './check-writable.ts';
import type { PushedAs } from './pushed-as.ts';
import { UsageError } from './usage-error.ts';

/**
 * The model that what is made of `target` becomes a version of: that of `--name`, or else `known`. Rejects with an
 * Error where there is neither, or it could not be stored once it is made: whoever asks may not, the version that
 * `--name` says is there, or was, or the repository cannot be written to.
 */
export async function madeName(
  target: string,
  known: string | undefined,
  { name: given, models }: { readonly name?: PushedAs; readonly models: string },
): Promise<string> {
  const name = given?.name ?? known;
  if (name === undefined)
    throw new UsageError(`${target} is a file: say by --name which model it becomes a version of`);
  await checkChange(models, 'push', name);
  await checkFree(models, name, given?.number);
  await checkWritable(models);
  return name;
}
