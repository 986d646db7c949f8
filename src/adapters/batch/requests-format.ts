import { JsonlFormat } from '../../core/batch/jsonl-format.ts';
import type { RecordFormat } from '../../ports/record-format.ts';
import { defaultLimits } from '../../settings.ts';

const maxRequestBytes = 16 * 1024 * 1024;

/** How the lines of a job of requests are read. */
export function requestsFormat(): RecordFormat {
  return new JsonlFormat(defaultLimits, maxRequestBytes);
}
