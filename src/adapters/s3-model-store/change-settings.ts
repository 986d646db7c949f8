import { ServiceError } from '../../protocol/service-error.ts';
import type { ModelConfigFile } from '../directory-model-store/fill-model-config.ts';
import { parseSettings } from '../directory-model-store/parse-settings.ts';
import { findText } from './find-text.ts';
import { openRepositoryClient } from './open-repository-client.ts';
import { parseS3Uri } from './parse-s3-uri.ts';
import { S3Error } from './s3-error.ts';
import { storeText } from './store-text.ts';
import { toServiceError } from './to-service-error.ts';

const maxBytes = 1024 * 1024;
const mostTries = 5;

/**
 * Changes the `model.json` of a model in the repository at an s3:// URI, as `change` makes it of what it is, or of an
 * empty one: stored only over what was read. Rejects with a ServiceError where S3 does not do it, with an Error where
 * what is there is no JSON.
 */
export async function changeSettings(
  uri: string,
  name: string,
  change: (before: ModelConfigFile) => ModelConfigFile,
): Promise<void> {
  const { bucket, prefix } = parseS3Uri(uri);
  const client = openRepositoryClient(bucket);
  const label = `model '${name}': model.json`;
  try {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const { text = '{}', condition } = await findText(client, `${prefix}${name}/model.json`, maxBytes);
      const after = change(parseSettings(text) as ModelConfigFile);
      const json = `${JSON.stringify(after, null, 2)}\n`;
      if (await storeText(client, `${prefix}${name}/model.json`, json, condition)) return;
    }
  } catch (error) {
    throw error instanceof S3Error ? toServiceError(label, 'stored in', error) : error;
  }
  throw new ServiceError(503, `${label}: others changed it each of the ${mostTries} times that it was tried`);
}
