import type { PostprocessStep } from '../../../ports/task.ts';
import { inTurns } from '../../pace/in-turns.ts';
import type { Steps } from '../../pace/steps.ts';
import type { Placement } from '../../pictures/placement.ts';
import { boxReader, type FoundBoxes } from '../box-reader.ts';
import type { DetectedObject } from '../flow.ts';
import { noAnswer } from '../no-answer.ts';
import type { Step } from '../step.ts';
import { type ScoredBox, suppressBoxes } from '../suppress-boxes.ts';
import type { TaskModel } from '../task-model.ts';

type BoxesSettings = NonNullable<PostprocessStep['boxes']>;

/** Boxes between which others may have their turn: each has as many scores as there are classes. */
const boxesAtOnce = 256;

/** What a caller may want where the step has no higher limit: each box is held against all that are kept. */
const mostBoxes = 1000;

/**
 * Objects in a picture: of the boxes of each class whose score passes the threshold those that share too much with a
 * better one are left out; the best comes first, as many as the caller wants or `limit`. Places are in the pixels of
 * the picture as it was sent. Throws an Error where the model has no such outputs.
 */
export function boxesStep(model: TaskModel, settings: BoxesSettings): Step<'outputs', 'prediction'> {
  const { form = 'corners', unit = 'parts', background, threshold = 0.5, limit = 100 } = settings;
  // A model that names the class of a box has left out what shares too much with better ones.
  const { overlap = settings.layout === 'class' ? 1 : 0.5 } = settings;
  const reader = boxReader(model, settings);
  const labels = model.signature.labels.get(reader.scored);
  return {
    takes: 'outputs',
    gives: 'prediction',
    apply: (outputs) => {
      const boxes = reader.read(outputs);
      const most = Math.min(outputs.topK ?? limit, Math.max(limit, mostBoxes));
      const { across, down } = pixelsOf(outputs.placement, unit);
      return inTurns(objects());

      function* objects(): Steps<readonly DetectedObject[]> {
        const found: DetectedObject[] = [];
        for (const [one, candidates] of yield* candidatesOf(boxes)) {
          for (const { score, box } of yield* suppressBoxes(candidates, { overlap, most })) {
            const [xmin, ymin, xmax, ymax] = box;
            const place = { xmin: across(xmin), ymin: down(ymin), xmax: across(xmax), ymax: down(ymax) };
            found.push({ label: labels?.[one] ?? String(one), score, box: place });
          }
        }
        return found.sort((a, b) => b.score - a.score).slice(0, most);
      }
    },
  };

  /** Those of each class whose score passes. */
  function* candidatesOf(boxes: FoundBoxes): Steps<readonly (readonly [number, ScoredBox[]])[]> {
    const found = new Map<number, ScoredBox[]>();
    for (let box = 0; box < boxes.count; box += 1) {
      if (box % boxesAtOnce === 0) yield;
      boxes.scores(box, (one, score) => {
        if (score < threshold || one === background) return;
        if (!Number.isSafeInteger(one) || one < 0) throw noAnswer(reader.scored, one);
        const candidates = found.get(one) ?? [];
        candidates.push({ score, box: cornersOf(boxes.place(box), form) });
        found.set(one, candidates);
      });
    }
    return [...found].sort(([a], [b]) => a - b);
  }
}

function cornersOf([a = 0, b = 0, c = 0, d = 0]: readonly number[], form: 'corners' | 'center'): ScoredBox['box'] {
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
