import type { FoundModelJob } from '../../core/model-jobs/model-job-desk.ts';
import type { ModelJobState } from '../../core/model-jobs/model-job-state.ts';
import type { OpenAiObject } from '../batches/openai-object.ts';
import { unixSeconds } from '../unix-seconds.ts';

const statuses: Readonly<Record<ModelJobState['status'], string>> = {
  queued: 'queued',
  running: 'running',
  // Until it is: the API has no word for what is about to be.
  cancelling: 'running',
  completed: 'succeeded',
  refused: 'failed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What `train` tells of what it made. */
interface Told {
  readonly made?: { readonly recipe?: { readonly epochs: number; readonly batchRows: number } };
}

/** The seed of `train`, where none is given. */
const usualSeed = 1;

/** A job as OpenAI's fine-tuning API shows it; times in seconds since 1970. */
export function fineTuningObject({ job, state }: FoundModelJob): OpenAiObject {
  const { id, owner = '', createdAt, source, options, fineTuning } = job;
  const { data, test, seed, epochs, batchRows, learningRateMultiplier, target, columns, head, freeze } = options;
  const { status, report } = state;
  const [made] = report?.versions ?? [];
  // What it learned by is known once it has.
  const recipe = (report?.result as Told | undefined)?.made?.recipe;
  const hyperparameters = {
    n_epochs: epochs ?? recipe?.epochs ?? 'auto',
    batch_size: batchRows ?? recipe?.batchRows ?? 'auto',
    learning_rate_multiplier: learningRateMultiplier ?? (recipe ? 1 : 'auto'),
  };
  return {
    id,
    object: 'fine_tuning.job',
    created_at: createdAt,
    finished_at: report ? unixSeconds(report.finishedAt) : null,
    estimated_finish: null,
    model: source ?? `new:${options.new}`,
    fine_tuned_model: made ? `${made.model}@${made.version}` : null,
    user_provided_suffix: fineTuning?.suffix ?? null,
    organization_id: owner,
    status: statuses[status],
    training_file: data,
    validation_file: test ?? null,
    hyperparameters,
    method: { type: 'supervised', supervised: { hyperparameters, target, columns, head, freeze } },
    seed: seed ?? usualSeed,
    // What was measured is in the version's manifest.
    result_files: [],
    // Rows are what it learns from, and nobody pays for them.
    trained_tokens: null,
    error: errorOf(state),
    integrations: [],
    metadata: fineTuning?.metadata ?? null,
  };
}

function errorOf({ report }: ModelJobState): object | null {
  if (report?.reason === undefined || report.status === 'cancelled') return null;
  return { code: `job_${report.status}`, message: report.reason, param: null };
}
