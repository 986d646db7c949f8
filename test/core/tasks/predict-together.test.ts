import { expect, test } from '@jest/globals';
import { noTimes } from '../../../src/core/no-times.ts';
import { predictTogether } from '../../../src/core/tasks/predict-together.ts';
import type { Task } from '../../../src/core/tasks/task.ts';
import type { InputTensor } from '../../../src/protocol/inference.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

/** A row of numbers is its own tensor, and what comes of it the prediction. */
const task: Task = {
  name: 'tabular-regression',
  preprocess: {
    takes: 'features',
    gives: 'inputs',
    apply: (item) => {
      const row = item as readonly number[];
      return { tensors: [{ ...floatTensor([1, row.length], row), name: 'x' }], tokens: row.length };
    },
  },
  postprocess: {
    takes: 'outputs',
    gives: 'prediction',
    apply: (outputs) => {
      const { data } = (outputs as { tensors: Map<string, FixedTensor> }).tensors.get('y') as FixedTensor;
      return [...new Float32Array(data.slice().buffer)];
    },
  } as Task['postprocess'],
};
const context = {
  times: noTimes(),
  checkDeadline: () => {},
  signal: () => new AbortController().signal,
  checkOutput: () => {},
};

function runner() {
  const shapes: (readonly number[])[] = [];
  const run = async ([input]: readonly InputTensor[]) => {
    const { shape, data } = input as FixedTensor;
    shapes.push(shape);
    return [{ datatype: 'FP32' as const, name: 'y', shape, data }];
  };
  return { shapes, run };
}

const items = [[1], [2, 3], [4], [5, 6], [7]];

test('items whose inputs have equal shapes are rows of a run, and each has its own answer', async () => {
  const { shapes, run } = runner();
  const found = await predictTogether(task, items, { run, canShareRuns: true, context });
  expect(found).toEqual(items.map((row) => ({ prediction: row, tokens: row.length, isTruncated: false })));
  expect(shapes).toEqual([
    [3, 1],
    [2, 2],
  ]);
});

test('where answers may depend on what shares a run, none is shared', async () => {
  const { shapes, run } = runner();
  const found = await predictTogether(task, items, { run, canShareRuns: false, context });
  expect(found.map(({ prediction }) => prediction)).toEqual(items);
  expect(shapes.map(([rows]) => rows)).toEqual([1, 1, 1, 1, 1]);
});

test('large ones run some at a time, so that few are held', async () => {
  const { shapes, run } = runner();
  const large = new Array(10).fill(new Array<number>(1024 * 1024).fill(1));
  const brief: Task = { ...task, postprocess: { ...task.postprocess, apply: () => 'done' } as Task['postprocess'] };
  const found = await predictTogether(brief, large, { run, canShareRuns: true, context });
  expect(found.map(({ prediction }) => prediction)).toEqual(new Array(10).fill('done'));
  expect(shapes.map(([rows]) => rows)).toEqual([4, 4, 2]);
});

test('a model that answers with other rows than it was given is at fault', async () => {
  const run = async () => [{ ...floatTensor([1, 1], [1]), name: 'y' }];
  await expect(predictTogether(task, [[1], [2]], { run, canShareRuns: true, context })).rejects.toMatchObject({
    status: 500,
    message: "output 'y' has the shape [1,1] for 2 items",
  });
});
