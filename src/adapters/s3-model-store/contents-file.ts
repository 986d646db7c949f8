/** The name of the note in a cached version that says what its files hold. */
export const contentsFile = '.contents.json';

/** What a file of a cached version must hold. */
export interface FileContents {
  readonly file: string;
  readonly bytes: number;
  readonly checksum: number;
}
