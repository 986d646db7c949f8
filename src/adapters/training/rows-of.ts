/** What a folder is refused with where a file of rows is expected. */
export function aFolder(uri: string): Error {
  return new Error(`${uri} is a folder: expected a file of rows`);
}
