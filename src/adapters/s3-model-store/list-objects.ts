import { elementText } from './element-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { StoredObject } from './stored-object.ts';

/** Every object whose key begins with `prefix`, and comes after `after` where that is given, by key. */
export async function listObjects(client: S3Client, prefix: string, after?: string): Promise<readonly StoredObject[]> {
  const objects: StoredObject[] = [];
  let token: string | undefined;
  do {
    const from = after === undefined ? {} : { 'start-after': after };
    const page = token === undefined ? from : { 'continuation-token': token };
    // Keys may hold what XML cannot: S3 percent-encodes them on request.
    const query = { 'list-type': '2', 'encoding-type': 'url', prefix, ...page };
    const xml = (await client.ask({ method: 'GET', query })).body.toString();
    if (!xml.includes('<ListBucketResult'))
      throw new S3Error(502, 'NoListing', 'S3 answered no listing: is the endpoint S3?');
    objects.push(...contents(xml));
    token = elementText(xml, 'NextContinuationToken');
    // A listing in part would let models vanish.
    if (!token && elementText(xml, 'IsTruncated') === 'true')
      throw new S3Error(502, 'NoListing', 'S3 cut its listing short');
  } while (token !== undefined);
  return objects;
}

function contents(xml: string): StoredObject[] {
  const isEncoded = elementText(xml, 'EncodingType') === 'url';
  return [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, item = '']) => {
    const key = elementText(item, 'Key') ?? '';
    return {
      key: isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
      bytes: Number(elementText(item, 'Size')),
      etag: elementText(item, 'ETag') ?? '',
    };
  });
}
