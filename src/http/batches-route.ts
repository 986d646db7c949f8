import type { BatchEntry } from '../core/batching/batch-log.ts';
import type { ModelRepository } from '../core/model-repository.ts';
import { jsonResponse } from './json-response.ts';
import { roundedMs } from './rounded-ms.ts';
import type { Handler } from './router.ts';

/**
 * `GET …/batches`: the last runs of each version of a model, the newest first, with what shared them and why they
 * began.
 */
export function batchesRoute(repository: ModelRepository): Handler {
  return (_request, [name = '', reference]) => {
    const versions = reference === undefined ? repository.versions(name) : [repository.resolve(name, reference)];
    return jsonResponse({
      batches: versions.flatMap((version) =>
        version.batches.newest().map((entry) => batch(String(version.version), entry)),
      ),
    });
  };
}

function batch(version: string, entry: BatchEntry): object {
  return {
    model_version: version,
    began: new Date(entry.beganAt).toISOString(),
    requests: entry.requests,
    rows: entry.rows,
    longest_wait_ms: roundedMs(entry.waitMs),
    run_ms: roundedMs(entry.runMs),
    left_waiting: entry.leftWaiting,
    released: entry.released,
    closed: entry.closed,
    outcome: entry.outcome,
  };
}
