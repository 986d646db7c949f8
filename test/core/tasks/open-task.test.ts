import { describe, expect, test } from '@jest/globals';
import { openTokenizer } from '../../../src/adapters/open-tokenizer.ts';
import type { ModelSignature } from '../../../src/core/model-version.ts';
import { chain } from '../../../src/core/tasks/chain.ts';
import type { Flow, Kind, ScoredLabel } from '../../../src/core/tasks/flow.ts';
import { openTask } from '../../../src/core/tasks/open-task.ts';
import type { PredictionConfig } from '../../../src/ports/task.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { modelSignature } from '../../fakes/model-signature.ts';
import { taskTools } from '../../fakes/task-tools.ts';
import { wordTokenizer } from '../../fakes/word-tokenizer.ts';

const text: TensorSpec = { name: 'text', datatype: 'BYTES', shape: [-1, 1] };
const numbers: TensorSpec = { name: 'X', datatype: 'FP32', shape: [-1, 2] };
const picture: TensorSpec = { name: 'image', datatype: 'UINT8', shape: [-1, 1, 1, 3] };
const scores: TensorSpec = { name: 'scores', datatype: 'FP32', shape: [-1, 3] };
const label: TensorSpec = { name: 'label', datatype: 'BYTES', shape: [-1] };

const readText = async () => JSON.stringify(wordTokenizer);

function open(config: PredictionConfig, model: ModelSignature) {
  return openTask(config, { signature: model, readText, tools: taskTools, limits: defaultLimits });
}

function outputs(values: Readonly<Record<string, readonly number[]>>, topK?: number): Flow['outputs'] {
  const tensors = Object.entries(values).map(([name, row]) => {
    return [name, { ...floatTensor([1, row.length], row), name }] as const;
  });
  return { tensors: new Map(tensors), topK, placement: undefined };
}

describe('usual steps', () => {
  test('a text fills the one input, and the best classes come by their labels', async () => {
    const task = await open(
      { name: 'text-classification' },
      modelSignature([text], [scores], { scores: ['a', 'b', 'c'] }),
    );
    const { tensors } = await task.preprocess.apply({ text: 'hello', truncate: false });
    const [input] = tensors;
    expect(input).toMatchObject({ name: 'text', datatype: 'BYTES', shape: [1, 1] });
    expect(await task.postprocess.apply(outputs({ scores: [0.1, 0.7, 0.2] }))).toEqual([
      { label: 'b', score: 0.7 },
      { label: 'c', score: 0.2 },
      { label: 'a', score: 0.1 },
    ]);
    expect(await task.postprocess.apply(outputs({ scores: [0.1, 0.7, 0.2] }, 1))).toEqual([{ label: 'b', score: 0.7 }]);
  });

  test('logits become parts of 1', async () => {
    const logits = { ...scores, name: 'logits' };
    const task = await open({ name: 'text-classification' }, modelSignature([text], [logits]));
    const found = (await task.postprocess.apply(outputs({ logits: [1000, 1001, 1000] }))) as readonly ScoredLabel[];
    const e = Math.E;
    expect(found.map(({ score }) => score)).toEqual([
      expect.closeTo(e / (2 + e), 6),
      expect.closeTo(1 / (2 + e), 6),
      expect.closeTo(1 / (2 + e), 6),
    ]);
  });

  test('a class that the model names comes with the best of its scores', async () => {
    const task = await open({ name: 'tabular-classification' }, modelSignature([numbers], [label, scores]));
    const given = outputs({ scores: [0.25, 0.5, 0.25] });
    const named = { name: 'label', datatype: 'BYTES', shape: [1], data: [Buffer.from('iris')] } as const;
    const all = { ...given, tensors: new Map(given.tensors).set('label', named) };
    expect(await task.postprocess.apply(all)).toEqual([{ label: 'iris', score: 0.5 }]);
    expect(await task.postprocess.apply({ ...all, topK: 1 })).toHaveLength(1);
    await expect((async () => task.postprocess.apply({ ...all, topK: 2 }))()).rejects.toThrow(
      `the others' names are not known; say them in its model.json, in the order of the scores: "labels": {"scores": ["…"]}`,
    );
  });

  test('columns come by name or in order', async () => {
    const config: PredictionConfig = {
      name: 'tabular-regression',
      preprocess: [{ columns: { inputs: { X: ['a', 'b'] } } }],
    };
    const task = await open(config, modelSignature([numbers], [scores]));
    const expected = { ...floatTensor([1, 2], [3, 4]), name: 'X' };
    expect(await task.preprocess.apply({ b: 4, a: 3, more: [1] })).toEqual({ tensors: [expected] });
    expect(await task.preprocess.apply([3, 4])).toEqual({ tensors: [expected] });
    await expect(task.preprocess.apply({ a: 3 })).rejects.toThrow("the record has no field 'b'");
    await expect(task.preprocess.apply({ a: 3, b: '4' })).rejects.toThrow(/^field 'b': .*expected a number/);
    await expect(task.preprocess.apply([3])).rejects.toThrow(
      "expected the values of 2 columns, got 1: 'b' is the first without one",
    );
    expect(await task.postprocess.apply(outputs({ scores: [2] }))).toBe(2);
    expect(await task.postprocess.apply(outputs({ scores: [2, 3] }))).toEqual([2, 3]);
  });

  test('values in order fill several inputs', async () => {
    const columns = ['a', 'b'].map((name): TensorSpec => ({ name, datatype: 'FP32', shape: [-1, 1] }));
    const task = await open({ name: 'tabular-regression' }, modelSignature(columns, [scores]));
    const { tensors } = await task.preprocess.apply([3, 4]);
    expect(tensors).toEqual([
      { ...floatTensor([1, 1], [3]), name: 'a' },
      { ...floatTensor([1, 1], [4]), name: 'b' },
    ]);
    await expect(task.preprocess.apply([3])).rejects.toThrow('expected the values of 2 columns, got 1');
    await expect(task.preprocess.apply({ a: 1, b: 'x' })).rejects.toThrow(/^column 'b': expected a number, got "x"$/);
  });

  test('a file becomes a picture, and that the input', async () => {
    const task = await open({ name: 'image-classification' }, modelSignature([picture], [scores]));
    expect(task.preprocess.takes).toBe('file');
    const size = { width: 1, height: 1 };
    expect(await task.preprocess.apply(Uint8Array.of(0))).toEqual({
      tensors: [{ name: 'image', datatype: 'UINT8', shape: [1, 1, 1, 3], data: Uint8Array.of(1, 2, 3) }],
      placement: { picture: size, tensor: size, across: 1, down: 1, left: 0, top: 0 },
    });
  });
});

describe('files', () => {
  test('are their first and last bytes, without the space around them', async () => {
    const whole: TensorSpec = { name: 'bytes', datatype: 'INT32', shape: [-1, 6] };
    const bytes = { first: 3, last: 3, padding: 256, stripWithin: 8 };
    const config: PredictionConfig = { name: 'text-classification', preprocess: [{ bytes }] };
    const task = await open(config, modelSignature([whole], [scores]));
    const of = async (text: string) => {
      const [tensor] = (await task.preprocess.apply(Buffer.from(text))).tensors;
      const { buffer } = (tensor as FixedTensor).data.slice();
      return [...new Int32Array(buffer)].map((value) => (value === 256 ? '.' : String.fromCharCode(value)));
    };
    expect((await of('\n abcdefgh \t')).join('')).toBe('abcfgh');
    expect((await of('ab')).join('')).toBe('ab..ab');
    expect((await of(' ')).join('')).toBe('......');
    await expect(open(config, modelSignature([{ ...whole, shape: [-1, 7] }], [scores]))).rejects.toThrow(
      "step bytes fills INT32 [batch, 6], and input 'bytes' takes INT32 [-1,7]",
    );
  });
});

describe('texts as tokens', () => {
  const ids: TensorSpec = { name: 'input_ids', datatype: 'INT64', shape: [-1, -1] };
  const mask: TensorSpec = { name: 'attention_mask', datatype: 'INT64', shape: [-1, -1] };
  const types: TensorSpec = { name: 'token_type_ids', datatype: 'INT32', shape: [-1, -1] };
  const hidden: TensorSpec = { name: 'last_hidden_state', datatype: 'FP32', shape: [-1, -1, 2] };
  const wholes = (...values: number[]) => new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);

  test('fill what the model takes of them', async () => {
    const task = await open({ name: 'feature-extraction' }, modelSignature([ids, mask, types], [hidden]));
    expect(await task.preprocess.apply({ text: 'b a', truncate: false })).toMatchObject({
      tensors: [
        { name: 'input_ids', datatype: 'INT64', shape: [1, 4], data: wholes(1, 4, 3, 2) },
        { name: 'attention_mask', datatype: 'INT64', shape: [1, 4], data: wholes(1, 1, 1, 1) },
        { name: 'token_type_ids', datatype: 'INT32', shape: [1, 4], data: new Uint8Array(16) },
      ],
      tokens: 4,
      isTruncated: false,
    });
  });

  test('have a prompt before them where vectors were trained with one, but not where they are sent as tokens', async () => {
    const preprocess = [{ tokenize: { prompt: 'b ' } }];
    const task = await open({ name: 'feature-extraction', preprocess }, modelSignature([ids], [hidden]));
    const made = async (text: string | readonly number[]) =>
      (await task.preprocess.apply({ text, truncate: false })).tensors.map((tensor) => tensor.data);
    expect(await made('a')).toEqual([wholes(1, 4, 3, 2)]);
    expect(await made([3])).toEqual([wholes(3)]);
    await expect(open({ name: 'text-classification', preprocess }, modelSignature([ids], [hidden]))).rejects.toThrow(
      "step tokenize: 'prompt' is of tasks that give vectors, and this is text-classification",
    );
  });

  test('are refused where they are too long, or cut where that is asked for, with what goes around a text', async () => {
    const task = await open({ name: 'feature-extraction' }, modelSignature([ids], [hidden]));
    const text = 'a b a b a b';
    await expect(task.preprocess.apply({ text, truncate: false })).rejects.toThrow(
      'the text has 8 tokens, more than the 5 that the model takes',
    );
    const cut = { tensors: [{ data: wholes(1, 3, 4, 3, 2) }], tokens: 5, isTruncated: true };
    expect(await task.preprocess.apply({ text, truncate: true })).toMatchObject(cut);
    const always: PredictionConfig = { name: 'feature-extraction', preprocess: [{ tokenize: { truncate: true } }] };
    const other = await open(always, modelSignature([ids], [hidden]));
    expect(await other.preprocess.apply({ text, truncate: false })).toMatchObject(cut);
    const tokens = [4, 3, 4, 3, 4, 3];
    expect(await task.preprocess.apply({ text: tokens, truncate: true })).toMatchObject({
      tensors: [{ data: wholes(4, 3, 4, 3, 4) }],
    });
  });

  test('give the mean of their vectors, of the length 1', async () => {
    const task = await open({ name: 'feature-extraction' }, modelSignature([ids], [hidden]));
    const vectors = { ...floatTensor([1, 2, 2], [2, 4, 4, 4]), name: 'last_hidden_state' };
    const given = { tensors: new Map([['last_hidden_state', vectors]]), topK: undefined, placement: undefined };
    expect(await task.postprocess.apply(given)).toEqual([0.6, 0.8]);
    const first: PredictionConfig = {
      name: 'feature-extraction',
      postprocess: [{ pool: { mode: 'first', normalize: false } }],
    };
    expect(await (await open(first, modelSignature([ids], [hidden]))).postprocess.apply(given)).toEqual([2, 4]);
  });

  test('are cut to a length that the model was trained for, where a caller asks for it', async () => {
    const pooled = (dimensions: readonly number[]): PredictionConfig => ({
      name: 'feature-extraction',
      postprocess: [{ pool: { dimensions } }],
    });
    const vectors = { ...floatTensor([1, 1, 4], [3, 4, 12, 84]), name: 'last_hidden_state' };
    const wide: TensorSpec = { ...hidden, shape: [-1, -1, 4] };
    const given = { tensors: new Map([['last_hidden_state', vectors]]), topK: undefined, placement: undefined };
    const task = await open(pooled([2, 3]), modelSignature([ids], [wide]));
    expect(await task.postprocess.apply({ ...given, dimensions: 2 })).toEqual([0.6, 0.8]);
    expect(await task.postprocess.apply({ ...given, dimensions: 4 })).toEqual([3 / 85, 4 / 85, 12 / 85, 84 / 85]);
    await expect(task.postprocess.apply({ ...given, dimensions: 1 })).rejects.toThrow(
      "field 'dimensions': the model gives vectors of 4 numbers, or 2, 3 of them; got 1",
    );
    const plain = await open(pooled([]), modelSignature([ids], [wide]));
    await expect(plain.postprocess.apply({ ...given, dimensions: 2 })).rejects.toThrow('and no shorter ones; got 2');
  });

  test('a tokenizer.json that is none is refused in words', async () => {
    await expect(openTokenizer('[')).rejects.toThrow('tokenizer.json cannot be used: ');
    await expect(openTokenizer('7')).rejects.toThrow('tokenizer.json: expected an object');
    await expect(openTokenizer('{}')).rejects.toThrow('tokenizer.json cannot be used: ');
  });
});

test.each<[PredictionConfig, readonly TensorSpec[], readonly TensorSpec[], string]>([
  [
    { name: 'text-classification' },
    [numbers],
    [scores],
    "step text fills one element of BYTES, and input 'X' takes FP32 [-1,2]",
  ],
  [{ name: 'text-classification' }, [text, numbers], [scores], "this one has 'text', 'X'"],
  [{ name: 'text-classification' }, [text], [], 'step topK takes an output of floats; the model has no outputs'],
  [
    { name: 'text-classification', postprocess: [{ topK: { output: 'label' } }] },
    [text],
    [label],
    "step topK takes an output of floats, and 'label' is none; the model has 'label' (BYTES [-1])",
  ],
  [
    { name: 'image-classification', preprocess: [{ decodeImage: {} }] },
    [picture],
    [scores],
    "'task.preprocess': the last step gives the model's inputs, and decodeImage gives a picture",
  ],
  [
    { name: 'image-classification', preprocess: [{ pictureTensor: {} }, { decodeImage: {} }, { pictureTensor: {} }] },
    [picture],
    [scores],
    "'task.preprocess.1': decodeImage takes a file, and pictureTensor before it gives the model's inputs",
  ],
  [
    { name: 'image-classification' },
    [{ name: 'image', datatype: 'FP32', shape: [-1, 3, 8, 8] }],
    [scores],
    'nothing says the scale of its values: 0.00392156862745098 makes them 0 to 1, 1 leaves them 0 to 255; say it in "task" of model.json, as "preprocess": [{"decodeImage": {}}, {"pictureTensor": {"scale": 1}}]',
  ],
  [
    { name: 'tabular-regression', preprocess: [{ columns: { inputs: { Y: ['a'] } } }] },
    [numbers],
    [scores],
    "the model has no input 'Y'; it has 'X'",
  ],
  [
    { name: 'tabular-regression', preprocess: [{ columns: { inputs: { X: ['a', 'b', 'c'] } } }] },
    [numbers],
    [scores],
    "input 'X' takes 2 values of a row, and 3 columns are named",
  ],
  [
    { name: 'feature-extraction' },
    [numbers],
    [scores],
    'step tokenize fills input_ids, attention_mask and token_type_ids',
  ],
  [{ name: 'tabular-regression' }, [{ ...numbers, shape: [8, 2] }], [scores], "input 'X' has the shape [8,2]"],
])('%j does not fit', async (config, inputs, given, message) => {
  await expect(open(config, modelSignature(inputs, given))).rejects.toThrow(message);
});

test('steps in none, or one without an end, are refused', () => {
  expect(() => chain('steps', [], 'inputs')).toThrow("'steps': expected a step at least");
  const same = { takes: 'text' as Kind, gives: 'text' as Kind, apply: (value: Flow[Kind]) => value };
  expect(() => chain('steps', [['same', same]], 'inputs')).toThrow(
    "'steps': the last step gives the model's inputs, and same gives a text",
  );
});

test('a file of too few bytes is refused', async () => {
  const bytes: TensorSpec = { name: 'bytes', datatype: 'INT32', shape: [-1, 2] };
  const preprocess = [{ bytes: { first: 1, last: 1, atLeast: 2 } }];
  const task = await open({ name: 'text-classification', preprocess }, modelSignature([bytes], [scores]));
  const { tensors } = await task.preprocess.apply(Uint8Array.of(1, 2));
  expect(tensors[0]?.shape).toEqual([1, 2]);
  await expect(task.preprocess.apply(new Uint8Array(0))).rejects.toThrow(
    'expected a file of 2 bytes or more, got one of 0',
  );
});
