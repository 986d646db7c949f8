import type { PredictionConfig } from '../../ports/task.ts';
import type { JsonObject } from './read-json-file.ts';

/** How scores become classes where that is not the usual way: each for itself, or a number that is no class. */
export function classesOf({ problem_type: kind }: JsonObject): Pick<PredictionConfig, 'postprocess'> {
  if (kind === 'multi_label_classification')
    return { postprocess: [{ sigmoid: { output: 'logits' } }, { topK: { output: 'logits' } }] };
  return kind === 'regression' ? { postprocess: [{ value: { output: 'logits' } }] } : {};
}
