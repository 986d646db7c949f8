import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { objectsOf } from '../../../src/core/hugging-face/objects-of.ts';
import type { ModelSignature } from '../../../src/core/model-version.ts';
import type { EncodedPicture, Flow } from '../../../src/core/tasks/flow.ts';
import { openTask } from '../../../src/core/tasks/open-task.ts';
import type { PredictionConfig } from '../../../src/ports/task.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { modelSignature } from '../../fakes/model-signature.ts';
import { taskTools } from '../../fakes/task-tools.ts';

const readText = async () => '';

function open(config: PredictionConfig, model: ModelSignature) {
  return openTask(config, { signature: model, readText, tools: taskTools, limits: defaultLimits });
}

describe('pictures', () => {
  const values: TensorSpec = { name: 'scores', datatype: 'FP32', shape: [1, -1, 2] };
  const places: TensorSpec = { name: 'boxes', datatype: 'FP32', shape: [1, -1, 4] };
  const input: TensorSpec = { name: 'image', datatype: 'UINT8', shape: [1, 8, 4, 3] };
  const tensor = { width: 4, height: 8 };
  const stretched = { picture: { width: 100, height: 200 }, tensor, across: 0.04, down: 0.04, left: 0, top: 0 };
  const found = (boxes: readonly number[], scores: readonly number[], topK?: number): Flow['outputs'] => {
    const count = boxes.length / 4;
    const tensors = [
      { ...floatTensor([1, count, 4], boxes), name: 'boxes' },
      { ...floatTensor([1, count, 2], scores), name: 'scores' },
    ];
    return { tensors: new Map(tensors.map((each) => [each.name, each])), topK, placement: stretched };
  };

  test('have objects, the best of those that share a place, in the pixels of the picture', async () => {
    const config: PredictionConfig = {
      name: 'object-detection',
      postprocess: [{ boxes: { background: 0, threshold: 0.25 } }],
    };
    const task = await open(config, modelSignature([input], [values, places], { scores: ['nothing', 'face'] }));
    const outputs = found(
      [0, 0, 0.5, 0.5, 0, 0, 0.5, 0.625, 0.5, 0.5, 1, 1, 0.5, 0.5, 1, 1],
      [0.25, 0.75, 0, 1, 0.5, 0.5, 0.875, 0.125],
    );
    expect(await task.postprocess.apply(outputs)).toEqual([
      { label: 'face', score: 1, box: { xmin: 0, ymin: 0, xmax: 50, ymax: 125 } },
      { label: 'face', score: 0.5, box: { xmin: 50, ymin: 100, xmax: 100, ymax: 200 } },
    ]);
    expect(await task.postprocess.apply({ ...outputs, topK: 1 })).toHaveLength(1);
  });

  test('have the 100 best objects, or as many as are asked for', async () => {
    const openWith = async (boxes: object) =>
      open({ name: 'object-detection', postprocess: [{ boxes }] }, modelSignature([input], [values, places]));
    const many = Array.from({ length: 150 }, (_box, at) => [at, at, at + 1, at + 1]).flat();
    const scores = Array.from({ length: 150 }, (_box, at) => [0, 0.6 + at / 1000]).flat();
    const usual = (await (await openWith({})).postprocess.apply(found(many, scores))) as readonly { score: number }[];
    expect(usual).toHaveLength(100);
    expect(usual[0]?.score).toBeCloseTo(0.749);
    expect(await (await openWith({ limit: 3 })).postprocess.apply(found(many, scores))).toHaveLength(3);
    expect(await (await openWith({})).postprocess.apply(found(many, scores, 120))).toHaveLength(120);
  });

  test('have no objects by scores that are no numbers', async () => {
    const task = await open({ name: 'object-detection' }, modelSignature([input], [places, values]));
    const outputs = found([0, 0, 1, 1], [Number.NaN, 0.75]);
    await expect((async () => task.postprocess.apply(outputs))()).rejects.toThrow("output 'scores' has NaN");
  });

  test('give others their turn while many boxes are looked through, and have 1000 at most', async () => {
    // To order so many takes longer than a turn may.
    const count = 50_000;
    const many = Array.from({ length: count }, (_box, at) => [at, 0, at + 1, 1]).flat();
    const scores = Array.from({ length: count }, (_box, at) => [0.6 + at / 1e6, 0]).flat();
    const task = await open({ name: 'object-detection' }, modelSignature([input], [values, places]));
    let turns = 0;
    let turn = setImmediate(function next() {
      turns += 1;
      turn = setImmediate(next);
    });
    const made = await task.postprocess.apply(found(many, scores, 100_000));
    clearImmediate(turn);
    expect(made).toHaveLength(1000);
    expect(turns).toBeGreaterThan(0);
  });

  test('have objects by their middle, in pixels of the input', async () => {
    const boxes = { form: 'center', unit: 'pixels' } as const;
    const task = await open(
      { name: 'object-detection', postprocess: [{ boxes }] },
      modelSignature([input], [places, values]),
    );
    expect(await task.postprocess.apply(found([2, 4, 2, 4], [0, 0.75]))).toEqual([
      { label: '1', score: 0.75, box: { xmin: 25, ymin: 50, xmax: 75, ymax: 150 } },
    ]);
  });

  describe('have objects of one output, as YOLO gives it', () => {
    // Two classes; the second box shares 0.6 of what both cover with the first, the third is of the other class.
    const rows = [
      [2, 4, 2, 4, 0.75, 0],
      [2, 4.5, 2, 3, 0.625, 0.125],
      [1, 2, 2, 2, 0, 0.875],
      [1, 2, 2, 2, 0.25, 0.25],
    ];
    const columns = rows[0]?.map((_number, at) => rows.map((row) => row[at] as number)) ?? [];
    const expected = [
      { label: 'dog', score: 0.875, box: { xmin: 0, ymin: 25, xmax: 50, ymax: 75 } },
      { label: 'cat', score: 0.75, box: { xmin: 25, ymin: 50, xmax: 75, ymax: 150 } },
    ];
    const openWith = (
      shape: readonly number[],
      labels: Readonly<Record<string, readonly string[]>>,
      more: object = {},
    ) =>
      open(
        {
          name: 'object-detection',
          postprocess: [{ boxes: { output: 'output0', form: 'center', unit: 'pixels', ...more } }],
        },
        modelSignature([input], [{ name: 'output0', datatype: 'FP32', shape }], labels),
      );
    const given = (all: readonly (readonly number[])[]): Flow['outputs'] => {
      const tensor = { ...floatTensor([1, all.length, all[0]?.length ?? 0], all.flat()), name: 'output0' };
      return { tensors: new Map([['output0', tensor]]), topK: undefined, placement: stretched };
    };

    test.each([
      ['boxes by columns', [1, 6, -1], columns],
      ['boxes by rows', [1, -1, 6], rows],
      ['sizes that are open', [-1, -1, -1], rows],
    ])('%s', async (_how, shape, all) => {
      const task = await openWith(shape, { output0: ['cat', 'dog'] });
      expect(await task.postprocess.apply(given(all))).toEqual(expected);
    });

    test('without labels there are more boxes than numbers of one', async () => {
      const more = [...rows, ...Array.from({ length: 4 }, () => [0, 0, 0, 0, 0, 0])];
      const turned = more[0]?.map((_number, at) => more.map((row) => row[at] as number)) ?? [];
      const task = await openWith([1, -1, -1], {});
      const numbered = expected.map((each) => ({ ...each, label: each.label === 'dog' ? '1' : '0' }));
      expect(await task.postprocess.apply(given(more))).toEqual(numbered);
      expect(await task.postprocess.apply(given(turned))).toEqual(numbered);
    });

    test('with the score of an object ahead of those of its classes, as YOLOv5 has them', async () => {
      const sure = rows.map(([x, y, width, height, ...scores]) => [x, y, width, height, 0.5, ...scores] as number[]);
      const labels = { output0: ['cat', 'dog'] };
      const more = { layout: 'objectness', threshold: 0.25 };
      const task = await openWith([1, -1, 7], labels, more);
      const halved = expected.map((each) => ({ ...each, score: each.score / 2 }));
      expect(await task.postprocess.apply(given(sure))).toEqual(halved);
      await expect(openWith([1, 25200, 85], labels, more)).rejects.toThrow(
        "step boxes takes an output of floats [1, boxes, 5 + classes], or [1, 5 + classes, boxes], where the 2 labels of 'output0' make 5 + classes 7, and it has [1,25200,85]",
      );
    });

    test('with one class of each box, as YOLOv10 has them, of which all are kept', async () => {
      const corners = [
        [1, 2, 3, 6, 0.75, 0],
        [1, 3, 3, 6, 0.625, 0],
        [0, 1, 2, 3, 0.875, 1],
        [0, 0, 0, 0, 0, -1],
      ];
      const more = { layout: 'class', form: 'corners' };
      const task = await openWith([1, 300, 6], { output0: ['cat', 'dog'] }, more);
      expect(await task.postprocess.apply(given(corners))).toEqual([
        ...expected,
        { label: 'cat', score: 0.625, box: { xmin: 25, ymin: 75, xmax: 75, ymax: 150 } },
      ]);
      const apart = await openWith([1, 300, 6], { output0: ['cat', 'dog'] }, { ...more, overlap: 0.5 });
      expect(await apart.postprocess.apply(given(corners))).toEqual(expected);
      const other = await openWith([1, -1, -1], {}, more);
      await expect(other.postprocess.apply(given([[0, 0, 1, 1, 0.75, 0.5]]))).rejects.toMatchObject({
        status: 500,
        message: "the model's output 'output0' has 0.5 for the item, which is no answer",
      });
    });

    test('that is not laid out so is refused', async () => {
      await expect(openWith([1, 84, 8400], {}, { layout: 'class' })).rejects.toThrow(
        "step boxes takes an output of floats [1, boxes, 6], and 'output0' is none; the model has 'output0' (FP32 [1,84,8400])",
      );
      await expect(openWith([1, 300, 6], {}, { output: undefined, layout: 'class' })).rejects.toThrow(
        "step boxes takes 'layout' beside 'output', the one that has both places and scores",
      );
    });

    test('whose sizes are open is refused where it comes in others', async () => {
      const strange = given([[0, 0, 1, 1, 0.75, 0, 0]]);
      const labelled = await openWith([1, -1, -1], { output0: ['cat', 'dog'] });
      await expect((async () => labelled.postprocess.apply(strange))()).rejects.toMatchObject({
        status: 500,
        message: "step boxes: the model's output 'output0' is to have [1, boxes, 6], or [1, 6, boxes], and has [1,1,7]",
      });
      const numbered = await openWith([1, -1, -1], {}, { layout: 'class' });
      await expect((async () => numbered.postprocess.apply(strange))()).rejects.toThrow(
        'is to have [1, boxes, 6], and has [1,1,7]',
      );
    });

    test('of two million scores, and NaN among them, gives others their turn', async () => {
      const task = await openWith([1, 84, 25_200], {});
      const tensor = { ...floatTensor([1, 84, 25_200], new Array(84 * 25_200).fill(0.25)), name: 'output0' };
      const outputs = { ...given([[0]]), tensors: new Map([['output0', tensor]]) };
      let turns = 0;
      const counting = setInterval(() => {
        turns += 1;
      }, 0);
      const found = Promise.resolve(task.postprocess.apply(outputs));
      expect(turns).toBe(0);
      expect(await found).toEqual([]);
      clearInterval(counting);
      expect(turns).toBeGreaterThan(0);
      new Float32Array(tensor.data.buffer, tensor.data.byteOffset)[84 * 25_200 - 1] = Number.NaN;
      await expect(task.postprocess.apply(outputs)).rejects.toThrow(
        "'output0' has NaN for the item, which is no answer",
      );
    });

    test('that has no room for its labels, or beside others, is refused', async () => {
      await expect(openWith([1, 85, 8400], { output0: ['cat', 'dog'] })).rejects.toThrow(
        "where the 2 labels of 'output0' make 4 + classes 6, and it has [1,85,8400]",
      );
      await expect(openWith([1, 6, 8400], {}, { scores: 'output0' })).rejects.toThrow('not all of them');
    });
  });

  test('fill a mask of Hugging Face with what is picture, which is all', async () => {
    const pixels: TensorSpec = { name: 'pixel_values', datatype: 'FP32', shape: [-1, 3, -1, -1] };
    const mask: TensorSpec = { name: 'pixel_mask', datatype: 'INT64', shape: [-1, 2, -1] };
    const preprocess = [
      { decodeImage: {} },
      { pictureTensor: { scale: 1, order: 'BGR', size: { width: 1, height: 1 } } },
    ] as const;
    const task = await open({ name: 'object-detection', preprocess }, modelSignature([pixels, mask], [values, places]));
    const { tensors } = await task.preprocess.apply(Uint8Array.of(0));
    expect(task.preprocess.shapes).toEqual({ pixel_values: [1, 3, 1, 1] });
    const [colors, whole] = tensors as readonly FixedTensor[];
    expect([...new Float32Array((colors as FixedTensor).data.slice().buffer)]).toEqual([3, 2, 1]);
    expect(whole).toMatchObject({ name: 'pixel_mask', datatype: 'INT64', shape: [1, 2, 1] });
    expect([...new BigInt64Array((whole as FixedTensor).data.slice().buffer)]).toEqual([1n, 1n]);
  });

  test('have objects as models of the kind of DETR give them, each once', async () => {
    const logits: TensorSpec = { name: 'logits', datatype: 'FP32', shape: [-1, 2, 3] };
    const boxes: TensorSpec = { name: 'pred_boxes', datatype: 'FP32', shape: [-1, 2, 4] };
    const postprocess = objectsOf({ model_type: 'detr' }, 2);
    const labels = { logits: ['cat', 'dog'] };
    const task = await open(
      { name: 'object-detection', postprocess },
      modelSignature([input], [logits, boxes], labels),
    );
    const tensors = new Map([
      ['logits', { ...floatTensor([1, 2, 3], [0, 9, 0, 0, 0, 9]), name: 'logits' }],
      ['pred_boxes', { ...floatTensor([1, 2, 4], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1]), name: 'pred_boxes' }],
    ]);
    const found = await task.postprocess.apply({ tensors, topK: undefined, placement: stretched });
    const box = { xmin: 25, ymin: 50, xmax: 75, ymax: 150 };
    expect(found).toEqual([{ label: 'dog', score: expect.closeTo(Math.exp(9) / (Math.exp(9) + 2), 5), box }]);
  });

  test('have objects where they lie in the picture, not in what it was cut or fitted to', async () => {
    // 100 x 100 as 4 x 4 pixels, with two of padding above.
    const within = { ...stretched, picture: { width: 100, height: 100 }, top: 2 };
    const task = await open({ name: 'object-detection' }, modelSignature([input], [places, values]));
    const outputs = { ...found([0, 0.25, 1, 0.5], [0, 0.75]), placement: within };
    expect(await task.postprocess.apply(outputs)).toEqual([
      { label: '1', score: 0.75, box: { xmin: 0, ymin: 0, xmax: 100, ymax: 50 } },
    ]);
  });

  test.each([
    // 2 x 1 as 4 x 2 with what stands behind it, made twice as large.
    [{ picture: { width: 2, height: 1 }, across: 1, down: 1, left: 0, top: 0 }, 4, 2],
    // In the middle of what stands around it.
    [{ picture: { width: 4, height: 1 }, across: 0.5, down: 1, left: 1, top: 1 }, 4, 2],
    // Its middle was cut out.
    [{ picture: { width: 8, height: 2 }, across: 1, down: 1, left: -2, top: 0 }, 8, 4],
  ])('are without what stood around them in the input: %j', async (placement, width, height) => {
    const output: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, -1, -1, -1] };
    const task = await open({ name: 'image-to-image' }, modelSignature([{ ...input, datatype: 'FP32' }], [output]));
    const found = await task.postprocess.apply({
      tensors: new Map([['y', { ...floatTensor([1, 1, 4, 8], Array(32).fill(0)), name: 'y' }]]),
      topK: undefined,
      placement: { ...placement, tensor: { width: 4, height: 2 } },
    });
    expect(found).toMatchObject({ width, height });
  });

  test.each([
    [[1, 1, 1, 2], [0.25, 2], 1, [64, 255]],
    [[1, 3, 1, 1], [0, 0.5, 1], 3, [0, 128, 255]],
    [[1, 2, 1, 3], [0, 0.5, 1, 1, 0, -1], 3, [0, 128, 255, 255, 0, 0]],
  ])('come as PNG files of an output of %j', async (shape, row, channels, pixels) => {
    const output: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, -1, -1, -1] };
    const task = await open({ name: 'image-to-image' }, modelSignature([{ ...input, datatype: 'FP32' }], [output]));
    const given = {
      tensors: new Map([['y', { ...floatTensor(shape, row), name: 'y' }]]),
      topK: undefined,
      placement: undefined,
    };
    const { image } = (await task.postprocess.apply(given)) as EncodedPicture;
    const png = sharp(Buffer.from(image, 'base64'));
    expect(await png.metadata()).toMatchObject({ format: 'png', channels });
    expect([
      ...(await png
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer()),
    ]).toEqual(pixels);
  });

  test('give others their turn while a large one is made of an output', async () => {
    const size = 1500;
    let turns = 0;
    let before = 0;
    const encodePicture = async () => async () => {
      before = turns;
      return '';
    };
    const task = await openTask(
      { name: 'image-to-image' },
      {
        signature: modelSignature(
          [{ ...input, datatype: 'FP32' }],
          [{ name: 'y', datatype: 'FP32', shape: [-1, 3, -1, -1] }],
        ),
        readText,
        tools: { ...taskTools, encodePicture },
        limits: defaultLimits,
      },
    );
    const data = new Uint8Array(new Float32Array(3 * size * size).fill(0.5).buffer);
    const tensors = new Map([['y', { name: 'y', datatype: 'FP32' as const, shape: [1, 3, size, size], data }]]);
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await task.postprocess.apply({ tensors, topK: undefined, placement: undefined });
    clearInterval(timer);
    expect(before).toBeGreaterThan(0);
  });
});
