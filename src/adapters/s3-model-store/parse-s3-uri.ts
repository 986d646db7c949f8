const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A folder in S3. */
export interface S3Location {
  readonly bucket: string;
  /** What all keys begin with: empty, or it ends in '/'. */
  readonly prefix: string;
}

/** Reads `s3://bucket/prefix`. Throws an Error that says what to write. */
export function parseS3Uri(uri: string): S3Location {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]*)\/*(.*?)\/*$/is.exec(uri) ?? [];
  if (!bucketName.test(bucket)) {
    throw new Error(`'${uri}': expected s3://<bucket>/<prefix>, the bucket in small letters, digits, '-' and '.'`);
  }
  if (path.split('/').some((part) => part === '.' || part === '..' || (part === '' && path !== ''))) {
    throw new Error(`'${uri}': expected a prefix of plain names with one '/' between them`);
  }
  return { bucket, prefix: path && `${path}/` };
}
