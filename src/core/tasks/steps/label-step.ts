import type { PostprocessStep } from '../../../ports/task.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { bestClasses } from '../best-classes.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import { labelsOf } from '../labels-of.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

const decoder = new TextDecoder();

/**
 * The class that the model itself names, as scikit-learn's do, with the best of its scores. Where the scores have
 * names, those of ZipMap or of labels in model.json, more classes can be asked for; else that is refused. Throws an
 * Error where the model has no such outputs.
 */
export function labelStep(
  model: TaskModel,
  { label, scores }: NonNullable<PostprocessStep['label']>,
): Step<'outputs', 'prediction'> {
  const named = findOutput(model, { step: 'label', name: label, willDo: isLabel, what: 'an output of BYTES or INT64' });
  const scored = findOutput(model, { step: 'label', name: scores, willDo: isScores, what: 'an output of floats' });
  return {
    takes: 'outputs',
    gives: 'prediction',
    scores: scored.name,
    apply: (outputs) => {
      const { topK = 1 } = outputs;
      const best = bestClasses(model, outputs, scored.name, topK);
      if (labelsOf(model.signature, outputs, scored.name)) return best;
      if (topK > 1) throw unnamed(scored.name);
      const tensor = outputs.tensors.get(named.name);
      const own =
        tensor?.datatype === 'BYTES' ? decoder.decode(tensor.data[0]) : String(itemNumbers(outputs, named.name)[0]);
      // Which of the scores belongs to which class is not known.
      return best.slice(0, 1).map(({ score }) => ({ label: own, score }));
    },
  };
}

function unnamed(output: string): ServiceError {
  return new ServiceError(
    400,
    `parameter 'top_k': the model names its best class alone, and the others' names are not known; say them in its model.json, in the order of the scores: "labels": {"${output}": ["…"]}`,
  );
}

function isLabel({ datatype, shape }: TensorSpec): boolean {
  return (datatype === 'BYTES' || datatype === 'INT64') && shape.slice(1).every((size) => size === 1);
}
