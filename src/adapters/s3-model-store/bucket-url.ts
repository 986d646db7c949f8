/**
 * The URL that a bucket's keys are appended to.
 *
 * A set endpoint gets the bucket in the path, since other servers rarely resolve a name for each bucket; so does a
 * bucket with dots on AWS, where a certificate covers one label alone.
 */
export function bucketUrl(bucket: string, region: string, environment: NodeJS.ProcessEnv): URL {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  if (endpoint) return new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/`);
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  return new URL(bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`);
}
