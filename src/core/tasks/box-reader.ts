import type { PostprocessStep } from '../../ports/task.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { findOutput } from './find-output.ts';
import type { ItemOutputs } from './flow.ts';
import { isScores } from './is-scores.ts';
import { itemFloats } from './item-floats.ts';
import { noAnswer } from './no-answer.ts';
import type { TaskModel } from './task-model.ts';

type BoxesSettings = NonNullable<PostprocessStep['boxes']>;
type Layout = NonNullable<BoxesSettings['layout']>;

/** What a model says of one picture. Each throws ServiceError 500 for what is no answer. */
export interface FoundBoxes {
  readonly count: number;
  /** Hears of the classes that a box may be of. */
  scores(box: number, hear: (one: number, score: number) => void): void;
  /** The four numbers of its place. */
  place(box: number): readonly number[];
}

/** Where boxes and their scores are read. */
export interface BoxReader {
  /** The output whose labels the classes have. */
  readonly scored: string;
  read(outputs: ItemOutputs): FoundBoxes;
}

/** What stands behind the four numbers of a place, ahead of a score for each class, or in place of these. */
const layouts: Readonly<Record<Layout, { readonly words: string; readonly more: number }>> = {
  scores: { words: '4 + classes', more: 0 },
  objectness: { words: '5 + classes', more: 1 },
  class: { words: '6', more: 2 },
};

/** By the outputs that settings name. Throws an Error where the model has none that will do. */
export function boxReader(model: TaskModel, settings: BoxesSettings): BoxReader {
  const { output, layout, boxes, scores } = settings;
  if (output === undefined) {
    if (layout === undefined) return apart(model, settings);
    throw new Error("step boxes takes 'layout' beside 'output', the one that has both places and scores");
  }
  if (boxes !== undefined || scores !== undefined)
    throw new Error("step boxes takes 'output', which has both, or 'boxes' and 'scores'; not all of them");
  return layout === 'class' ? named(model, output) : together(model, output, layout ?? 'scores');
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
      const places = checked(outputs, placed.name);
      const { at, length } = checked(outputs, scored.name);
      const classes = outputs.tensors.get(scored.name)?.shape.at(-1) ?? 0;
      return {
        count: length / Math.max(1, classes),
        scores: (box, hear) => {
          for (let one = 0; one < classes; one += 1) hear(one, at(box * classes + one));
        },
        place: (box) => [0, 1, 2, 3].map((number) => places.at(box * 4 + number)),
      };
    },
  };
}

/**
 * One output, of whose numbers of a box the first four are its place and the others the scores of its classes, of which
 * each counts as far as there is an object, where that has a score ahead of them: as rows, or as columns, as YOLO's
 * models have them. Of a box there are as many as labels say, or else fewer than boxes.
 */
function together(model: TaskModel, output: string, layout: Layout): BoxReader {
  const { words, more } = layouts[layout];
  const what = `an output of floats [1, boxes, ${words}], or [1, ${words}, boxes]`;
  const { name, shape } = findOutput(model, { step: 'boxes', name: output, willDo: isRows, what });
  const labels = model.signature.labels.get(name);
  const size = labels && 4 + more + labels.length;
  const axes = shape.slice(1);
  if (size !== undefined && !axes.some((axis) => axis === size || axis === -1))
    throw new Error(
      `step boxes takes ${what}, where the ${labels?.length} labels of '${name}' make ${words} ${size}, and it has [${shape}]`,
    );
  return {
    scored: name,
    read: (outputs) => {
      const values = checked(outputs, name);
      const [rows, columns] = sizesOf(outputs, name);
      if (size !== undefined && rows !== size && columns !== size)
        throw misshapen(name, `[1, boxes, ${size}], or [1, ${size}, boxes]`, [rows, columns]);
      const isByRow = size === undefined ? columns < rows : columns === size;
      const [count, each] = isByRow ? [rows, columns] : [columns, rows];
      const at = (box: number, number: number) => values.at(isByRow ? box * columns + number : number * columns + box);
      return {
        count,
        scores: (box, hear) => {
          const part = more === 0 ? 1 : at(box, 4);
          for (let number = 4 + more; number < each; number += 1) hear(number - 4 - more, part * at(box, number));
        },
        place: (box) => [0, 1, 2, 3].map((number) => at(box, number)),
      };
    },
  };
}

/** One output, in whose rows the score of the one class of a box and its number stand behind its place. */
function named(model: TaskModel, output: string): BoxReader {
  const { words, more } = layouts.class;
  const { name } = findOutput(model, {
    step: 'boxes',
    name: output,
    willDo: (found) => isRows(found) && (found.shape[2] === 4 + more || found.shape[2] === -1),
    what: `an output of floats [1, boxes, ${words}]`,
  });
  return {
    scored: name,
    read: (outputs) => {
      const { at } = checked(outputs, name);
      const [count, columns] = sizesOf(outputs, name);
      if (columns !== 4 + more) throw misshapen(name, `[1, boxes, ${words}]`, [count, columns]);
      return {
        count,
        scores: (box, hear) => hear(at(box * 6 + 5), at(box * 6 + 4)),
        place: (box) => [0, 1, 2, 3].map((number) => at(box * 6 + number)),
      };
    },
  };
}

function sizesOf({ tensors }: ItemOutputs, name: string): readonly [rows: number, columns: number] {
  const [, rows = 0, columns = 0] = tensors.get(name)?.shape ?? [];
  return [rows, columns];
}

/** What a model has whose file left its sizes open. */
function misshapen(output: string, expected: string, sizes: readonly number[]): ServiceError {
  return new ServiceError(
    500,
    `step boxes: the model's output '${output}' is to have ${expected}, and has [1,${sizes}]`,
  );
}

/** The floats of an output, where they lie, each looked at as it is read: there may be millions. */
function checked(outputs: ItemOutputs, name: string) {
  const floats = itemFloats(outputs, name);
  const at = (place: number) => {
    const number = floats[place] as number;
    if (Number.isFinite(number)) return number;
    throw noAnswer(name, number);
  };
  return { at, length: floats.length };
}

function isRows(output: TensorSpec): boolean {
  return isScores(output) && output.shape.length === 3;
}

function isBoxes(output: TensorSpec): boolean {
  return isRows(output) && output.shape[2] === 4;
}
