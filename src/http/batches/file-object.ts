import type { BatchFile } from '../../core/batch-jobs/batch-files.ts';
import type { OpenAiObject } from './openai-object.ts';

/** A file as OpenAI's Files API shows it. */
export function fileObject({ id, filename, purpose, createdAt, stored }: BatchFile): OpenAiObject {
  return { id, object: 'file', bytes: stored.bytes, created_at: createdAt, filename, purpose, status: 'processed' };
}
