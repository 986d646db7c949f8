import { ServiceError } from '../../protocol/service-error.ts';
import type { FoundRows } from './rows-in.ts';

/** What a file of rows is refused with, by what it is called, that has no column at all. */
export function emptyRows({ format }: FoundRows, name: string): ServiceError {
  const expected =
    format === 'jsonl' ? 'a JSON object with fields on each line' : 'a first line that names the columns';
  return new ServiceError(400, `${name} is empty: expected ${expected}`);
}
