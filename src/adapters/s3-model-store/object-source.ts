/** A file that is to become an object. */
export interface ObjectSource {
  readonly path: string;
  readonly bytes: number;
  /** CRC32 of the whole, in base64. */
  readonly checksum: string;
}
