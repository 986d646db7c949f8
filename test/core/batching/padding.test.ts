import { beforeEach, describe, expect, test } from '@jest/globals';
import { resizeAxis } from '../../../src/protocol/resize-axis.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { FakeCaller } from '../../fakes/fake-caller.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { type GatedRun, GatedSession } from '../../fakes/gated-session.ts';

let session: GatedSession;
let time: FakeTime;

beforeEach(() => {
  session = new GatedSession();
  time = new FakeTime();
});

function caller(outputs: Record<string, { axis: number; input: string }>): FakeCaller {
  return new FakeCaller(session, time, { batching: { padding: { inputs: { x: { axis: 1, value: -1 } }, outputs } } });
}

/** What is fed to the run that began as the `index`th, and its shape. */
function fed(index: number): [readonly number[], number[]] {
  const { shape, data } = (session.runs[index] as GatedRun).run.inputs[0] as FixedTensor;
  return [shape, [...new Float32Array(data.slice().buffer)]];
}

async function end(index: number): Promise<void> {
  session.runs[index]?.end();
  await time.turn();
}

test('requests of unequal sizes are padded to the longest, and outputs cut back', async () => {
  const model = caller({ y: { axis: 1, input: 'x' } });
  void model.ask([0, 0]);
  await time.turn();
  const answers = [
    model.ask([1, 2, 3, 4], { width: 4 }),
    model.ask([5, 6, 7, 8, 9, 10], { width: 3 }),
    model.ask([11, 12, 13, 14], { width: 4 }),
  ];
  await time.turn();
  await end(0);
  expect(fed(1)).toEqual([
    [4, 4],
    [1, 2, 3, 4, 5, 6, 7, -1, 8, 9, 10, -1, 11, 12, 13, 14],
  ]);
  await end(1);
  expect(await Promise.all(answers)).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8, 9, 10],
    [11, 12, 13, 14],
  ]);
});

test('outputs that are not named stay as they are', async () => {
  const model = caller({});
  void model.ask([0, 0]);
  await time.turn();
  const answers = [model.ask([1, 2, 3, 4], { width: 4 }), model.ask([5, 6, 7], { width: 3 })];
  await time.turn();
  await end(0);
  session.runs[1]?.answer([floatTensor([2, 1], [10, 18])]);
  expect(await Promise.all(answers)).toEqual([[10], [18]]);
});

test('what would be padding for more than a quarter goes on waiting', async () => {
  const model = caller({});
  void model.ask([0, 0]);
  await time.turn();
  void model.ask([1, 2, 3, 4], { width: 4 });
  void model.ask([5], { width: 1 });
  void model.ask([6, 7, 8, 9], { width: 4 });
  await time.turn();
  await end(0);
  expect(fed(1)[0]).toEqual([2, 4]);
  await end(1);
  expect(fed(2)).toEqual([[1, 1], [5]]);
  expect(model.log()[1]).toBe('2 turn unlike answered');
});

test('a request that runs alone is not padded', async () => {
  const model = caller({ y: { axis: 1, input: 'x' } });
  const answer = model.ask([1, 2, 3], { width: 3 });
  await time.turn();
  expect(fed(0)).toEqual([
    [1, 3],
    [1, 2, 3],
  ]);
  await end(0);
  expect(await answer).toEqual([1, 2, 3]);
});

describe('a request whose own inputs differ in size', () => {
  const inputs = { x: { axis: 1, value: -1 }, mask: { axis: 1, value: 0 } };

  /** Rows of the runs that come of a request of 4 numbers with a mask of 4, and one of 3 with a mask of 4. */
  async function runs(names: ReadonlyMap<string, readonly string[]> | undefined, padded: object = inputs) {
    session.dimensionNames = names;
    const model = new FakeCaller(session, time, {
      batching: { padding: { inputs: padded as typeof inputs, outputs: {} } },
    });
    void model.ask([0, 0]);
    await time.turn();
    void model.ask([1, 2, 3, 4], { width: 4, maskWidth: 4 });
    void model.ask([5, 6, 7], { width: 3, maskWidth: 4 });
    await time.turn();
    await end(0);
    await end(1);
    return session.runs.slice(1).map(({ run }) => run.inputs.map(({ shape }) => shape));
  }

  const apart = [
    [
      [1, 4],
      [1, 4],
    ],
    [
      [1, 3],
      [1, 4],
    ],
  ];
  const together = [
    [
      [2, 4],
      [2, 4],
    ],
  ];
  const named = (x: string, mask: string) => new Map(Object.entries({ x: ['n', x], mask: ['n', mask] }));

  test('runs alone, as it came, where the model has one name for both', async () => {
    expect(await runs(named('t', 't'))).toEqual(apart);
  });

  test('runs alone where the other input is not padded', async () => {
    expect(await runs(named('t', 't'), { x: inputs.x })).toEqual(apart);
  });

  test('is padded where the model has a name for each', async () => {
    expect(await runs(named('source', 'target'))).toEqual(together);
    session.runs.length = 0;
    expect(await runs(named('source', 'target'), { x: inputs.x })).toEqual(together);
  });

  test.each([
    ['no names', undefined],
    ['none for one of them', named('t', '')],
  ])('runs alone where the model has %s', async (_case, names) => {
    expect(await runs(names)).toEqual(apart);
  });
});

describe('a dimension in the middle', () => {
  const numbers = Array.from({ length: 12 }, (_item, index) => index);
  const tensor = floatTensor([2, 3, 2], numbers);
  const values = ({ data }: FixedTensor) => [...new Float32Array(data.buffer)];

  test('is cut', () => {
    const cut = resizeAxis(tensor, 1, 1);
    expect(cut.shape).toEqual([2, 1, 2]);
    expect(values(cut)).toEqual([0, 1, 6, 7]);
  });

  test('is filled up', () => {
    const element = new Uint8Array(Float32Array.of(9).buffer);
    expect(values(resizeAxis(tensor, 1, 4, element))).toEqual([0, 1, 2, 3, 4, 5, 9, 9, 6, 7, 8, 9, 10, 11, 9, 9]);
    expect(values(resizeAxis(floatTensor([1, 0], []), 1, 3, element))).toEqual([9, 9, 9]);
  });
});
