/** A version of an object, which stays what it is when the object is replaced. */
export interface ObjectVersion {
  readonly key: string;
  readonly bytes: number;
  /** As S3 names it; there is none in a bucket that keeps no versions. */
  readonly versionId: string;
}
