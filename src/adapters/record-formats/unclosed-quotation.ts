import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

const newline = 0x0a;

/**
 * What a file is refused with whose quotation mark at `openedAt`, in bytes, nothing closes: which of the lines after it
 * are records, nobody knows.
 */
export async function unclosedQuotation(store: FileReader, file: StoredFile, openedAt: number): Promise<ServiceError> {
  let line = 1;
  for await (const piece of store.read(file, 0, openedAt)) {
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) line += 1;
  }
  return new ServiceError(
    400,
    `'${file.key}', line ${line}: a quotation mark opens a field, and none closes it before the file ends; close it, or write one that belongs to the text as "5"" pipe"`,
  );
}
