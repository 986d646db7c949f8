import type { FoundModelJob } from '../../core/model-jobs/model-job-desk.ts';
import type { TrainingInShort } from '../../core/training/training-in-short.ts';
import type { TrainingReport } from '../../core/training/training-report.ts';
import type { OpenAiObject } from '../batches/openai-object.ts';
import { fineTuningObject } from './fine-tuning-object.ts';

/** What `train` tells of how it went. */
interface Told {
  readonly made?: {
    readonly report?: Pick<TrainingInShort, 'bestEpoch' | 'steps'> &
      // Until 2026-12-01 it told of the curve instead.
      Partial<Pick<TrainingInShort, 'passes' | 'best'> & Pick<TrainingReport, 'curve'>>;
  };
}

/**
 * Checkpoints of a job that are ready to use, as OpenAI's API shows them: the weights of its best pass, which are the
 * version that it made. None before it has, as what is kept on the way is for the training alone; none where it made
 * none.
 */
export function fineTuningCheckpoints(found: FoundModelJob): readonly OpenAiObject[] {
  const { job, state } = found;
  const { fine_tuned_model: model, finished_at: at } = fineTuningObject(found);
  const { report } = (state.report?.result as Told | undefined)?.made ?? {};
  if (typeof model !== 'string' || !report) return [];
  const { bestEpoch, steps, curve } = report;
  const { passes = curve?.length, best = curve?.find(({ epoch }) => epoch === bestEpoch) } = report;
  if (passes === undefined) return [];
  // Each pass takes as many.
  const step = (steps / passes) * bestEpoch;
  return [
    {
      id: `ftckpt-${job.id}-${step}`,
      object: 'fine_tuning.job.checkpoint',
      created_at: at,
      fine_tuned_model_checkpoint: model,
      fine_tuning_job_id: job.id,
      metrics: {
        step,
        ...(best && { train_loss: best.loss }),
        ...(best?.validationLoss !== undefined && { full_valid_loss: best.validationLoss }),
      },
      step_number: step,
    },
  ];
}
