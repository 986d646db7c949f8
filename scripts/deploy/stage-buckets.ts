import { GetBucketTaggingCommand, paginateListBuckets, S3Client } from '@aws-sdk/client-s3';
import { stackTags } from '../../src/adapters/gateway-keys/stack-tags.ts';

/** Names of the buckets that deployments of `stage` made in this account and region, those of past ones that were kept among them. */
export async function stageBuckets(stage: string): Promise<readonly string[]> {
  const client = new S3Client({});
  const found: string[] = [];
  // Without a region S3 lists those of all, and another region may have a deployment of the same stage.
  const BucketRegion = await client.config.region();
  for await (const { Buckets = [] } of paginateListBuckets({ client }, { BucketRegion })) {
    for (const { Name } of Buckets) if (Name && (await stageOf(client, Name)) === stage) found.push(Name);
  }
  return found;
}

/** The stage that a bucket is tagged with; undefined where it is not, or is none that these credentials may read. */
async function stageOf(client: S3Client, Bucket: string): Promise<string | undefined> {
  const tagging = await client.send(new GetBucketTaggingCommand({ Bucket })).catch(() => undefined);
  return tagging?.TagSet?.find(({ Key }) => Key === stackTags.stage)?.Value;
}
