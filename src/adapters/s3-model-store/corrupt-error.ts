/** That bytes are not those that their checksum was made of. */
export class CorruptError extends Error {
  override readonly name = 'CorruptError';
}
