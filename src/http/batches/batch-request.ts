import type { RequestsJob } from '../../core/batch-jobs/batch-job.ts';
import { inferPath } from '../../core/batch-jobs/infer-path.ts';
import { shownJson } from '../../core/shown-json.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { metadataOf } from './metadata-of.ts';

/** What `POST /v1/batches` asks for. Throws ServiceError 400 that names the field that is wrong. */
export function batchRequest(body: Record<string, unknown>): RequestsJob {
  const { input_file_id: inputFile, endpoint, completion_window: completionWindow = '24h', metadata = null } = body;
  if (typeof inputFile !== 'string') throw wrong('input_file_id', 'the id of a file', inputFile);
  if (typeof endpoint !== 'string' || !inferPath.test(endpoint)) {
    throw wrong(
      'endpoint',
      "a path such as '/v2/models/<model>/infer', '/v1/predict/<model>', '/v1/embeddings' or '/v1/chat/completions'",
      endpoint,
    );
  }
  if (completionWindow !== '24h') throw wrong('completion_window', '"24h"', completionWindow);
  return { inputFile, endpoint: endpoint.slice(0, 1024), completionWindow, metadata: metadataOf(metadata) };
}

function wrong(name: string, expected: string, got: unknown): ServiceError {
  return new ServiceError(400, `field '${name}': expected ${expected}, got ${shownJson(got)}`, { field: name });
}
