/** An object as a listing tells of it. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** With its quotes, as S3 gives and takes it. */
  readonly etag: string;
}
