import type { PostprocessStep } from '../../../ports/task.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { findOutput } from '../find-output.ts';
import type { DetectedObject } from '../flow.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import { type ScoredBox, suppressBoxes } from '../suppress-boxes.ts';
import type { TaskModel } from '../task-model.ts';

/**
 * Objects in a picture: of the boxes of each class whose score passes the threshold those that share too much with a better one are
 * left out; the best comes first. Places are in the pixels of the picture as it was sent. Throws an Error where the model has no
 * such outputs.
 */
export function boxesStep(
  model: TaskModel,
  {
    scores,
    boxes,
    form = 'corners',
    unit = 'parts',
    background,
    threshold = 0.5,
    overlap = 0.5,
  }: NonNullable<PostprocessStep['boxes']>,
): Step<'outputs', 'prediction'> {
  const placed = findOutput(model, {
    step: 'boxes',
    name: boxes,
    willDo: isBoxes,
    what: 'an output of floats [1, boxes, 4]',
  });
  const isClasses = (output: TensorSpec) =>
    isScores(output) && output.shape.length === 3 && output.name !== placed.name;
  const scored = findOutput(model, {
    step: 'boxes',
    name: scores,
    willDo: isClasses,
    what: 'an output of floats [1, boxes, classes]',
  });
  const labels = model.signature.labels.get(scored.name);
  const inputSize = unit === 'pixels' ? sizeOfInput(model) : undefined;
  return {
    takes: 'outputs',
    gives: 'prediction',
    apply: (outputs) => {
      const { width = 1, height = 1 } = outputs.picture ?? {};
      const across = width / (inputSize?.width ?? 1);
      const down = height / (inputSize?.height ?? 1);
      const places = itemNumbers(outputs, placed.name);
      const values = itemNumbers(outputs, scored.name);
      const classes = outputs.tensors.get(scored.name)?.shape.at(-1) ?? 0;
      const found: DetectedObject[] = [];
      for (let one = 0; one < classes; one += 1) {
        if (one === background) continue;
        const candidates: ScoredBox[] = [];
        for (let box = 0; box * classes < values.length; box += 1) {
          const score = values[box * classes + one] as number;
          if (score >= threshold) candidates.push({ score, box: cornersOf(places, box * 4, form) });
        }
        for (const { score, box } of suppressBoxes(candidates, overlap)) {
          const [xmin, ymin, xmax, ymax] = box;
          const place = { xmin: xmin * across, ymin: ymin * down, xmax: xmax * across, ymax: ymax * down };
          found.push({ label: labels?.[one] ?? String(one), score, box: place });
        }
      }
      return found.sort((a, b) => b.score - a.score).slice(0, outputs.topK);
    },
  };
}

function isBoxes(output: TensorSpec): boolean {
  return isScores(output) && output.shape.length === 3 && output.shape[2] === 4;
}

function cornersOf(places: readonly number[], at: number, form: 'corners' | 'center'): ScoredBox['box'] {
  const [a = 0, b = 0, c = 0, d = 0] = places.slice(at, at + 4);
  return form === 'corners' ? [a, b, c, d] : [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
}

/** Of the input that takes the picture. Throws an Error where its size is free. */
function sizeOfInput({ signature }: TaskModel): { readonly width: number; readonly height: number } {
  const [{ name, shape } = { name: '', shape: [] }] = signature.inputs;
  const [height = -1, width = -1] = shape[3] === 1 || shape[3] === 3 ? shape.slice(1) : shape.slice(2);
  if (height > 0 && width > 0) return { width, height };
  throw new Error(`step boxes: places in pixels are of an input of one size, and '${name}' takes [${shape}]`);
}
