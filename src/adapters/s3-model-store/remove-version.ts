import { modelFiles } from '../directory-model-store/version-layout.ts';
import { listObjects } from './list-objects.ts';
import type { S3Client } from './s3-client.ts';

/**
 * Removes all objects whose keys begin with `folder`. Rejects with an S3Error; then those that are left are no version.
 *
 * The model goes first of what makes a version, and other ONNX files, which without it would look like a version that
 * lacks one, before it.
 */
export async function removeVersion(client: S3Client, folder: string): Promise<void> {
  const objects = await listObjects(client, folder);
  const rank = (key: string) => {
    const isModel = modelFiles.some((file) => key === `${folder}${file}`);
    return isModel ? 1 : /\.onnx$/i.test(key) ? 0 : 2;
  };
  for (const { key } of [...objects].sort((a, b) => rank(a.key) - rank(b.key)))
    await client.ask({ method: 'DELETE', key });
}
