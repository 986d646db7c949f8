import { openModelStore } from '../src/adapters/open-model-store.ts';
import { readJson } from '../src/core/batch/read-json.ts';
import { settleJson } from '../src/core/batch/settle-json.ts';
import type { JobFiles } from '../src/core/batch-jobs/job-files.ts';
import { type JobSource, sourceFile } from '../src/core/model-jobs/run-files.ts';
import type { StoredModel } from '../src/ports/model-store.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { chooseVersion } from './choose-version.ts';
import { modelReference } from './model-reference.ts';

/**
 * The version that a job is made of: the one that its source meant when the job first came to this, however often it is
 * begun again. Rejects with ServiceError 404 where the repository has no such model: the command would tell of all that
 * there are, which whoever asked may not know of.
 *
 * @param output has the job's files
 */
export async function pinnedSource(source: string, models: string, output: JobFiles): Promise<string> {
  const { name, version } = modelReference(source);
  const model = await openModelStore(models).find(name);
  if (!model) throw new ServiceError(404, `no model '${name}' in the repository`);
  const pinned = await readJson<JobSource>(output, sourceFile);
  if (pinned) return pinned.source;
  const number = versionOf(model, version);
  return number === undefined
    ? source
    : (await settleJson<JobSource>(output, sourceFile, { source: `${name}@${number}` })).source;
}

/** Undefined where there is none: why, the command says. */
function versionOf(model: StoredModel, reference?: string): number | undefined {
  try {
    return chooseVersion(model, reference);
  } catch {
    return undefined;
  }
}
