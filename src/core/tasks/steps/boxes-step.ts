import type { PostprocessStep } from '../../../ports/task.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { inTurns } from '../../pace/in-turns.ts';
import type { Steps } from '../../pace/steps.ts';
import type { Placement } from '../../pictures/placement.ts';
import { findOutput } from '../find-output.ts';
import type { DetectedObject, ItemOutputs } from '../flow.ts';
import { isScores } from '../is-scores.ts';
import { itemNumbers } from '../item-numbers.ts';
import type { Step } from '../step.ts';
import { type ScoredBox, suppressBoxes } from '../suppress-boxes.ts';
import type { TaskModel } from '../task-model.ts';
import { toldNumbers } from '../told-numbers.ts';

type BoxesSettings = NonNullable<PostprocessStep['boxes']>;

/** What a model says of one picture. */
interface FoundBoxes {
  readonly count: number;
  readonly classes: number;
  score(box: number, one: number): number;
  /** The four numbers of its place. */
  place(box: number): readonly number[];
}

/** Where boxes and their scores are read. */
interface BoxReader {
  /** The output whose labels the classes have. */
  readonly scored: string;
  read(outputs: ItemOutputs): FoundBoxes;
}

/** What a caller may want where the step has no higher limit: each box is held against all that are kept. */
const mostBoxes = 1000;

/**
 * Objects in a picture: of the boxes of each class whose score passes the threshold those that share too much with a
 * better one are left out; the best comes first, as many as the caller wants or `limit`. Places are in the pixels of
 * the picture as it was sent. Throws an Error where the model has no such outputs.
 */
export function boxesStep(model: TaskModel, settings: BoxesSettings): Step<'outputs', 'prediction'> {
  const { form = 'corners', unit = 'parts', background, threshold = 0.5, overlap = 0.5, limit = 100 } = settings;
  const reader = settings.output === undefined ? apart(model, settings) : together(model, settings);
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
        for (let one = 0; one < boxes.classes; one += 1) {
          if (one === background) continue;
          yield;
          const candidates: ScoredBox[] = [];
          for (let box = 0; box < boxes.count; box += 1) {
            const score = boxes.score(box, one);
            if (score >= threshold) candidates.push({ score, box: cornersOf(boxes.place(box), form) });
          }
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
}

/** Places in one output, and scores in another. */
function apart(model: TaskModel, settings: BoxesSettings): BoxReader {
  const placed = findOutput(model, {
    step: 'boxes',
    name: settings.boxes,
    willDo: isBoxes,
    what: 'an output of floats [1, boxes, 4]',
  });
  const isClasses = (output: TensorSpec) => isRows(output) && output.name !== placed.name;
  const scored = findOutput(model, {
    step: 'boxes',
    name: settings.scores,
    willDo: isClasses,
    what: 'an output of floats [1, boxes, classes]',
  });
  return {
    scored: scored.name,
    read: (outputs) => {
      const places = itemNumbers(outputs, placed.name);
      const values = toldNumbers(outputs, scored.name);
      const classes = outputs.tensors.get(scored.name)?.shape.at(-1) ?? 0;
      return {
        count: values.length / Math.max(1, classes),
        classes,
        score: (box, one) => values[box * classes + one] as number,
        place: (box) => places.slice(box * 4, box * 4 + 4),
      };
    },
  };
}

/**
 * One output, of whose numbers of a box the first four are its place and the others the scores of its classes: as rows,
 * or as columns, as YOLO's models have them. Of a box there are as many as labels say, or else fewer than boxes.
 */
function together(model: TaskModel, { output, boxes, scores }: BoxesSettings): BoxReader {
  if (boxes !== undefined || scores !== undefined)
    throw new Error("step boxes takes 'output', which has both, or 'boxes' and 'scores'; not all of them");
  const what = 'an output of floats [1, boxes, 4 + classes], or [1, 4 + classes, boxes]';
  const { name, shape } = findOutput(model, { step: 'boxes', name: output, willDo: isRows, what });
  const labels = model.signature.labels.get(name);
  const size = labels && 4 + labels.length;
  const axes = shape.slice(1);
  if (size !== undefined && !axes.some((axis) => axis === size || axis === -1))
    throw new Error(
      `step boxes takes ${what}, where the ${labels?.length} labels of '${name}' make 4 + classes ${size}, and it has [${shape}]`,
    );
  return {
    scored: name,
    read: (outputs) => {
      const values = toldNumbers(outputs, name);
      const [, rows = 0, columns = 0] = outputs.tensors.get(name)?.shape ?? [];
      const isByRow = size === undefined ? columns < rows : columns === size;
      const [count, each] = isByRow ? [rows, columns] : [columns, rows];
      const at = (box: number, number: number) =>
        values[isByRow ? box * columns + number : number * columns + box] as number;
      return {
        count,
        classes: Math.max(0, each - 4),
        score: (box, one) => at(box, 4 + one),
        place: (box) => [0, 1, 2, 3].map((number) => at(box, number)),
      };
    },
  };
}

function isRows(output: TensorSpec): boolean {
  return isScores(output) && output.shape.length === 3;
}

function isBoxes(output: TensorSpec): boolean {
  return isRows(output) && output.shape[2] === 4;
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
