import type { PostprocessStep } from '../../../ports/task.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import type { Placement } from '../../pictures/placement.ts';
import { findOutput } from '../find-output.ts';
import type { DetectedObject } from '../flow.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import { type ScoredBox, suppressBoxes } from '../suppress-boxes.ts';
import type { TaskModel } from '../task-model.ts';
import { toldNumbers } from '../told-numbers.ts';

/**
 * Objects in a picture: of the boxes of each class whose score passes the threshold those that share too much with a
 * better one are left out; the best comes first, as many as the caller wants or `limit`. Places are in the pixels of
 * the picture as it was sent. Throws an Error where the model has no such outputs.
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
    limit = 100,
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
  return {
    takes: 'outputs',
    gives: 'prediction',
    apply: (outputs) => {
      const { across, down } = pixelsOf(outputs.placement, unit);
      const places = itemNumbers(outputs, placed.name);
      const values = toldNumbers(outputs, scored.name);
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
          const place = { xmin: across(xmin), ymin: down(ymin), xmax: across(xmax), ymax: down(ymax) };
          found.push({ label: labels?.[one] ?? String(one), score, box: place });
        }
      }
      return found.sort((a, b) => b.score - a.score).slice(0, outputs.topK ?? limit);
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

/** Places of the model's as pixels of the picture that was sent. */
function pixelsOf(placement: Placement | undefined, unit: 'parts' | 'pixels') {
  if (!placement) return { across: (x: number) => x, down: (y: number) => y };
  const { tensor, left, top } = placement;
  const { width, height } = unit === 'parts' ? tensor : { width: 1, height: 1 };
  return {
    across: (x: number) => (x * width - left) / placement.across,
    down: (y: number) => (y * height - top) / placement.down,
  };
}
