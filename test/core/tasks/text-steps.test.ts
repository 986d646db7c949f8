import { describe, expect, test } from '@jest/globals';
import { openTokenizer } from '../../../src/adapters/open-tokenizer.ts';
import type { ModelSignature } from '../../../src/core/model-version.ts';
import { fitTokens } from '../../../src/core/tasks/fit-tokens.ts';
import type { Flow, NamedToken } from '../../../src/core/tasks/flow.ts';
import { groupTokens } from '../../../src/core/tasks/group-tokens.ts';
import { openTask } from '../../../src/core/tasks/open-task.ts';
import type { PostprocessStep, PredictionConfig } from '../../../src/ports/task.ts';
import type { TaskTools } from '../../../src/ports/task-tools.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { loopTurns } from '../../fakes/loop-turns.ts';
import { pieceTokenizer } from '../../fakes/piece-tokenizer.ts';

const ids: TensorSpec = { name: 'input_ids', datatype: 'INT64', shape: [-1, -1] };
const types: TensorSpec = { name: 'token_type_ids', datatype: 'INT64', shape: [-1, -1] };

function open(config: PredictionConfig, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[], labels = {}) {
  const signature: ModelSignature = { inputs, outputs, unservable: [], labels: new Map(Object.entries(labels)) };
  const tools = { tokenizer: openTokenizer } as unknown as TaskTools;
  return openTask(config, {
    signature,
    tools,
    readText: async () => JSON.stringify(pieceTokenizer),
    limits: defaultLimits,
  });
}

function given(name: string, shape: readonly number[], row: readonly number[], more: Partial<Flow['outputs']> = {}) {
  const tensors = new Map([[name, { ...floatTensor(shape, row), name }]]);
  return { tensors, topK: undefined, placement: undefined, ...more };
}

// Tokens, places and cuts are those of Hugging Face's tokenizers 0.23 with the same file.
describe('tokens', () => {
  test.each([
    [
      '  Maria lives in Zürich.',
      ['maria', 'lives', 'in', 'zu', '##rich', '.'],
      [
        [2, 7],
        [8, 13],
        [14, 16],
        [17, 19],
        [19, 23],
        [23, 24],
      ],
    ],
    [
      'New\u00a0York, 東京',
      ['new', 'york', '[UNK]', '東', '京'],
      [
        [0, 3],
        [4, 8],
        [8, 9],
        [10, 11],
        [11, 12],
      ],
    ],
    [
      'Zu\u0308rich☃☃ in [MASK]',
      ['[UNK]', 'in', '[MASK]'],
      [
        [0, 9],
        [10, 12],
        [13, 19],
      ],
    ],
    [
      '👨‍👩‍👧 in\tNEW',
      ['[UNK]', 'in', 'new'],
      [
        [0, 5],
        [6, 8],
        [9, 12],
      ],
    ],
    ['', [], []],
  ])('of %j have places in it, in characters', async (text, tokens, places) => {
    const tokenizer = await openTokenizer(JSON.stringify(pieceTokenizer));
    const encoded = await tokenizer.encode(text, false);
    expect(encoded.ids.map((id) => tokenizer.token(id))).toEqual(tokens);
    expect(encoded.ids.map((_id, at) => encoded.placeOf(at)).map((place) => place && [place.start, place.end])).toEqual(
      places,
    );
  });

  test('of bytes, and of marks for spaces, have theirs', async () => {
    const vocabulary = (tokens: readonly string[]) => Object.fromEntries(tokens.map((token, id) => [token, id]));
    const file = (more: object, model: object) => ({
      ...pieceTokenizer,
      normalizer: null,
      post_processor: null,
      added_tokens: [],
      ...more,
      model,
    });
    const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };
    const bytes = file(
      { pre_tokenizer: byteLevel, decoder: byteLevel },
      { type: 'BPE', vocab: vocabulary(['a', 'Ã', '¼', 'Ġ', 'b']), merges: [] },
    );
    const marks = file(
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [
            { type: 'Prepend', prepend: '▁' },
            { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
          ],
        },
        pre_tokenizer: null,
        decoder: null,
      },
      {
        type: 'BPE',
        vocab: vocabulary(['<unk>', '▁', 'a', 'b', '<0xC3>', '<0xBC>', '▁a']),
        merges: ['▁ a'],
        byte_fallback: true,
        unk_token: '<unk>',
      },
    );
    for (const [json, expected] of [
      [bytes, ['a', 'Ã', '¼', 'Ġ', 'b']],
      [marks, ['▁a', '<0xC3>', '<0xBC>', '▁', 'b']],
    ] as const) {
      const tokenizer = await openTokenizer(JSON.stringify(json));
      const encoded = await tokenizer.encode('aü b', false);
      expect(encoded.ids.map((id) => tokenizer.token(id))).toEqual(expected);
      const parts = encoded.ids
        .map((_id, at) => encoded.placeOf(at))
        .map((place) => 'aü b'.slice(place?.start, place?.end));
      expect(parts).toEqual(['a', 'ü', 'ü', ' ', 'b']);
    }
  });

  test('of words that nobody knows are the one for such words; where there is none, the text has no tokens', async () => {
    const words = { type: 'WordLevel', vocab: { '?': 0, in: 1 } };
    const file = (unk_token: string) =>
      JSON.stringify({ ...pieceTokenizer, post_processor: null, added_tokens: [], model: { ...words, unk_token } });
    const encoded = await (await openTokenizer(file('?'))).encode('на in 中', false);
    expect(encoded.ids).toEqual([0, 1, 0]);
    expect(
      encoded.ids.map((_id, at) => encoded.placeOf(at)).map((place) => 'на in 中'.slice(place?.start, place?.end)),
    ).toEqual(['на', 'in', '中']);
    await expect((await openTokenizer(file('none'))).encode('на in 中', false)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('the text has no tokens: '),
    });
  });

  test('around a text, and of a pair, are told from its own', async () => {
    const tokenizer = await openTokenizer(JSON.stringify(pieceTokenizer));
    const fitted = await fitTokens(tokenizer, { text: 'maria lives', pair: 'in [SEP]', truncate: true }, 12);
    expect(fitted.places()).toEqual([
      undefined,
      { text: 0, start: 0, end: 5 },
      { text: 0, start: 6, end: 11 },
      undefined,
      { text: 1, start: 0, end: 2 },
      { text: 1, start: 3, end: 8 },
      undefined,
    ]);
    const cut = await fitTokens(tokenizer, { text: 'maria lives in new york', pair: 'in', truncate: true }, 6);
    expect(cut.places().map((place) => place?.end)).toEqual([undefined, 5, 11, undefined, 2, undefined]);
  });

  test.each([
    ['maria lives in new york', 'zurich', [2, 5, 14, 10, 6, 7, 3, 8, 9, 3], 7],
    ['zurich', 'maria lives in new york in zurich zurich zurich in', [2, 8, 9, 3, 5, 14, 10, 6, 7, 10, 8, 3], 4],
    ['new york new york new york new york', 'in in in in in in in in', [2, 6, 7, 6, 7, 3, 10, 10, 10, 10, 10, 3], 6],
    ['in', '', [2, 10, 3, 3], 3],
  ])('of the pair %j and %j fit, the longer cut first', async (text, pair, expected, firsts) => {
    const tokenizer = await openTokenizer(JSON.stringify(pieceTokenizer));
    const { ids: found, typeIds } = await fitTokens(tokenizer, { text, pair, truncate: true }, 12);
    expect([found, typeIds.indexOf(1)]).toEqual([expected, firsts]);
  });
});

test('of a text that is far too long the beginning is enough', async () => {
  const tokenizer = await openTokenizer(JSON.stringify(pieceTokenizer));
  let most = 0;
  const counting = {
    ...tokenizer,
    encode: (text: string, isWhole: boolean, pair?: string) => {
      most = Math.max(most, text.length);
      return tokenizer.encode(text, isWhole, pair);
    },
  };
  const long = `maria ${'in '.repeat(300_000)}`;
  const { ids: found, isMore } = await fitTokens(counting, { text: long, truncate: true }, 12);
  expect([found, isMore]).toEqual([[2, 5, ...Array(9).fill(10), 3], true]);
  expect(most).toBeLessThan(5000);
  // One that looks long, and is not, is read to its end.
  const spaces = `maria${' '.repeat(100_000)}in`;
  expect(await fitTokens(counting, { text: spaces, truncate: false }, 12)).toMatchObject({
    ids: [2, 5, 10, 3],
    isMore: false,
  });
  expect(most).toBe(spaces.length);
  const task = await open(
    { name: 'token-classification' },
    [ids],
    [{ name: 'y', datatype: 'FP32', shape: [-1, -1, 2] }],
  );
  await expect(task.preprocess.apply({ text: long, truncate: false })).rejects.toThrow(
    'the text has far more than the 12 tokens that the model takes; send a shorter one',
  );
});

describe('token-classification', () => {
  const logits: TensorSpec = { name: 'logits', datatype: 'FP32', shape: [-1, -1, 3] };
  const labels = { logits: ['O', 'B-PER', 'I-PER'] };
  const scored = (classes: readonly number[]) =>
    classes.flatMap((one) => [0, 1, 2].map((each) => (each === one ? 10 : 0)));
  const sure = Math.exp(10) / (Math.exp(10) + 2);

  async function predicted(
    text: string,
    classes: readonly number[],
    { pair, ...more }: Partial<Flow['outputs']> & { readonly pair?: string } = {},
  ) {
    const task = await open({ name: 'token-classification' }, [ids, types], [logits], labels);
    const { encoded } = await task.preprocess.apply({ text, truncate: true, ...(pair !== undefined && { pair }) });
    return task.postprocess.apply(
      given('logits', [1, classes.length, 3], scored(classes), { ...(encoded && { encoded }), ...more }),
    );
  }

  test('names words with their places, as one where their classes go on', async () => {
    // Around the text's tokens are [CLS] and [SEP], whatever their classes.
    const found = await predicted('Maria lives in Zürich, New York', [1, 1, 0, 0, 1, 2, 0, 1, 1, 1]);
    const score = expect.closeTo(sure, 6);
    expect(found).toEqual([
      { entity_group: 'PER', score, word: 'maria', start: 0, end: 5 },
      { entity_group: 'PER', score, word: 'zurich', start: 15, end: 21 },
      { entity_group: 'PER', score, word: 'new', start: 23, end: 26 },
      { entity_group: 'PER', score, word: 'york', start: 27, end: 31 },
    ]);
  });

  test('of a pair those of the first text', async () => {
    const found = await predicted('in Zürich', [0, 0, 1, 2, 0, 1, 1, 0], { pair: 'New York' });
    expect(found).toMatchObject([{ word: 'zurich', start: 3, end: 9 }]);
  });

  // As TokenClassificationPipeline has it.
  test('names those that nobody knows as the text has them, and marks that stand in it', async () => {
    const found = await predicted('Maria 😀 [MASK] Zürich 𓀀', [0, 1, 2, 2, 2, 2, 1, 0]);
    expect(found).toMatchObject([
      { word: 'maria 😀 [MASK] zurich', start: 0, end: 21 },
      { word: '𓀀', start: 22, end: 23 },
    ]);
    const each = await predicted('in 😀', [0, 0, 1, 0], { aggregation: 'none' });
    expect(each).toMatchObject([{ entity: 'B-PER', index: 2, word: '😀', start: 3, end: 4 }]);
  });

  test('or each token for itself', async () => {
    const found = await predicted('in Zürich', [0, 0, 1, 2, 0], { aggregation: 'none' });
    const score = expect.closeTo(sure, 6);
    expect(found).toEqual([
      { entity: 'B-PER', score, index: 2, word: 'zu', start: 3, end: 5 },
      { entity: 'I-PER', score, index: 3, word: '##rich', start: 5, end: 9 },
    ]);
  });

  test('finds nothing in an empty text, nor in one without a name', async () => {
    expect(await predicted('', [1, 1])).toEqual([]);
    expect(await predicted('in', [1, 0, 1])).toEqual([]);
  });

  test('of a text that was cut names what is left', async () => {
    const found = await predicted('in '.repeat(20), [0, ...Array(10).fill(0), 0].fill(1, 10, 11));
    expect(found).toEqual([{ entity_group: 'PER', score: expect.closeTo(sure, 6), word: 'in', start: 27, end: 29 }]);
  });

  test('needs an output with a row for each token', async () => {
    await expect(open({ name: 'token-classification' }, [ids], [{ ...logits, shape: [-1, 3] }])).rejects.toThrow(
      'step spans takes an output of floats [batch, tokens, classes]',
    );
  });
});

// As TokenClassificationPipeline.group_entities has it.
test.each([
  [
    ['B-PER', 'I-PER', 'O', 'I-LOC', 'I-LOC'],
    ['PER:0,1', 'O:2', 'LOC:3,4'],
  ],
  [
    ['B-PER', 'B-PER', 'I-LOC', 'I-PER'],
    ['PER:0', 'PER:1', 'LOC:2', 'PER:3'],
  ],
  [
    ['PER', 'PER', 'B-PER', 'PER'],
    ['PER:0,1', 'PER:2,3'],
  ],
  [[], []],
])('tokens of the classes %j are grouped', (entities, expected) => {
  const tokens = entities.map(
    (entity, index): NamedToken => ({ entity, score: 1, index, word: String(index), start: index, end: index + 1 }),
  );
  const groups = groupTokens(tokens, (words) => words.join(','));
  expect(groups.map(({ entity_group, word }) => `${entity_group}:${word}`)).toEqual(expected);
});

describe('classes', () => {
  const scores: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, 3] };
  const labels = { y: ['a', 'b', 'c'] };
  const made = async (postprocess: readonly PostprocessStep[], row: readonly number[], topK?: number) => {
    const task = await open({ name: 'text-classification', postprocess }, [ids], [scores], labels);
    return task.postprocess.apply(given('y', [1, 3], row, { topK }));
  };

  test('that are sure enough, whatever the others', async () => {
    expect(await made([{ sigmoid: {} }, { threshold: {} }], [0, 2, -1])).toEqual([
      { label: 'b', score: expect.closeTo(1 / (1 + Math.exp(-2)), 6) },
      { label: 'a', score: 0.5 },
    ]);
    expect(await made([{ threshold: { threshold: 0.25 } }], [0.25, 0.5, 0], 1)).toEqual([{ label: 'b', score: 0.5 }]);
    expect(await made([{ threshold: { threshold: 1 } }], [0.25, 0.5, 0])).toEqual([]);
  });

  test('the best by its name alone', async () => {
    expect(await made([{ argmax: {} }], [0.25, 0.5, 0])).toBe('b');
  });

  test.each([[[-1, 1]], [[-1, -1]]])('of one logit, in an output %j, are what the sigmoid says', async (shape) => {
    const logits: TensorSpec = { name: 'logits', datatype: 'FP32', shape };
    const task = await open({ name: 'text-classification' }, [ids, types], [logits]);
    expect(await task.postprocess.apply(given('logits', [1, 1], [-3]))).toEqual([
      { label: '0', score: expect.closeTo(1 / (1 + Math.exp(3)), 6) },
    ]);
    const { tensors } = await task.preprocess.apply({ text: 'in', pair: 'new', truncate: false });
    expect(tensors.map(({ shape }) => shape)).toEqual([
      [1, 5],
      [1, 5],
    ]);
  });
});

test.each<[string, PredictionConfig, readonly number[]]>([
  ['classes', { name: 'text-classification' }, [-1, 2]],
  ['classes chosen by a threshold', { name: 'text-classification', postprocess: [{ threshold: {} }] }, [-1, 2]],
  ['the best class', { name: 'text-classification', postprocess: [{ argmax: {} }] }, [-1, 2]],
  ['a number', { name: 'text-classification', postprocess: [{ value: {} }] }, [-1, 2]],
  ['a vector', { name: 'feature-extraction' }, [-1, 2]],
  ['words', { name: 'token-classification' }, [-1, -1, 2]],
])('%s of what is no number are an error of the model, by its output', async (_what, config, shape) => {
  const task = await open(config, [ids], [{ name: 'logits', datatype: 'FP32', shape }], { logits: ['O', 'x'] });
  const { encoded } = await task.preprocess.apply({ text: '', truncate: false });
  const row = shape.length === 3 ? [0, 1, Number.NaN, 0] : [Number.NaN, 0];
  const outputs = given('logits', shape.length === 3 ? [1, 2, 2] : [1, 2], row, encoded && { encoded });
  await expect((async () => task.postprocess.apply(outputs))()).rejects.toMatchObject({
    status: 500,
    message: "the model's output 'logits' has NaN for the item, which is no answer",
  });
});

describe('columns of texts', () => {
  const numbers: TensorSpec = { name: 'X', datatype: 'FP32', shape: [-1, 4] };
  const columns = { inputs: { X: ['size', 'color'] }, oneHot: { color: ['red', 'green', 'blue'] } };
  const config = (more: object): PredictionConfig => ({
    name: 'tabular-regression',
    preprocess: [{ columns: { ...columns, ...more } }],
  });

  test('become a number for each text that there is', async () => {
    const task = await open(config({}), [numbers], [{ ...numbers, name: 'y' }]);
    const expected = { tensors: [{ ...floatTensor([1, 4], [7, 0, 1, 0]), name: 'X' }] };
    expect(await task.preprocess.apply({ size: 7, color: 'green' })).toEqual(expected);
    expect(await task.preprocess.apply([7, 'green'])).toEqual(expected);
    await expect(task.preprocess.apply({ size: 7, color: 'pink' })).rejects.toThrow(
      "column 'color': expected one of 'red', 'green', 'blue', got \"pink\"",
    );
    await expect(task.preprocess.apply({ size: 7 })).rejects.toThrow("the record has no field 'color'");
    await expect(task.preprocess.apply([7])).rejects.toThrow('expected the values of 2 columns, got 1');
  });

  test('have to fill an input, and as many places as it has', async () => {
    await expect(open(config({ oneHot: { shape: ['round'] } }), [numbers], [numbers])).rejects.toThrow(
      "oneHot has the column 'shape', which fills no input",
    );
    await expect(open(config({ oneHot: { color: ['red'] } }), [numbers], [numbers])).rejects.toThrow(
      "input 'X' takes 4 values of a row, and 2 columns are named",
    );
  });
});

test.each([
  [{}, {}, 12],
  [{ 'tokenizer_config.json': { model_max_length: 8 } }, {}, 8],
  [{ 'config.json': { max_position_embeddings: 6 } }, {}, 6],
  [{ 'sentence_bert_config.json': { max_seq_length: 20 } }, {}, 20],
  [{ 'tokenizer_config.json': { model_max_length: 8 } }, { maxTokens: 10 }, 10],
])('with the files %j and %j a text may have %i tokens', async (files: Record<string, object>, tokenize, most) => {
  const task = await openTask(
    { name: 'feature-extraction', preprocess: [{ tokenize }] },
    {
      signature: {
        inputs: [ids],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, -1, 2] }],
        unservable: [],
        labels: new Map(),
      },
      tools: { tokenizer: openTokenizer } as unknown as TaskTools,
      readText: async (file) => JSON.stringify(file === 'tokenizer.json' ? pieceTokenizer : (files[file] ?? {})),
      limits: defaultLimits,
    },
  );
  const cut = await task.preprocess.apply({ text: 'in '.repeat(50), truncate: true });
  expect(cut.tensors[0]?.shape).toEqual([1, most]);
});

describe('inputs that have a length', () => {
  const fixed = (name: string, length: number, batch = 1): TensorSpec => ({
    name,
    datatype: 'INT64',
    shape: [batch, length],
  });
  const mask = fixed('attention_mask', 6);
  const padding = {
    strategy: 'BatchLongest',
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 4,
    pad_type_id: 0,
    pad_token: '[MASK]',
  };
  const vectors: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, -1, 2] };
  const openWith = (inputs: readonly TensorSpec[], filled: object | null, config: object = {}, tokenize = {}) =>
    openTask(
      { name: 'feature-extraction', preprocess: [{ tokenize }], postprocess: [{ pool: { normalize: false } }] },
      {
        signature: { inputs, outputs: [vectors], unservable: [], labels: new Map() },
        tools: { tokenizer: openTokenizer } as unknown as TaskTools,
        readText: async (file) =>
          JSON.stringify(
            file === 'tokenizer.json' ? { ...pieceTokenizer, padding: filled } : file === 'config.json' ? config : {},
          ),
        limits: defaultLimits,
      },
    );
  const numbers = ({ tensors }: Flow['inputs']) =>
    tensors.map(({ data }) => [...new BigInt64Array((data as Uint8Array).slice().buffer)].map(Number));

  test('are filled up behind a text, whose tokens alone make its vector', async () => {
    const task = await openWith([fixed('input_ids', 6), mask, fixed('token_type_ids', 6)], padding);
    const inputs = await task.preprocess.apply({ text: 'in', pair: 'new', truncate: false });
    expect(numbers(inputs)).toEqual([
      [2, 10, 3, 6, 3, 4],
      [1, 1, 1, 1, 1, 0],
      [0, 0, 0, 1, 1, 0],
    ]);
    expect(inputs.tensors.map(({ shape }) => shape)).toEqual([
      [1, 6],
      [1, 6],
      [1, 6],
    ]);
    const one = await task.preprocess.apply({ text: 'in', truncate: false });
    const outputs = given('y', [1, 6, 2], [1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9], { tokens: one.tokens as number });
    expect(await task.postprocess.apply(outputs)).toEqual([3, 4]);
  });

  test('bound how many tokens a text may have, whatever else does', async () => {
    for (const tokenize of [{}, { maxTokens: 10 }]) {
      const task = await openWith([fixed('input_ids', 6), mask], null, {}, tokenize);
      const text = 'in '.repeat(7);
      await expect(task.preprocess.apply({ text, truncate: false })).rejects.toThrow(
        'the text has 9 tokens, more than the 6 that the model takes',
      );
      expect(numbers(await task.preprocess.apply({ text, truncate: true }))[0]).toEqual([2, 10, 10, 10, 10, 3]);
    }
    const shorter = await openWith([fixed('input_ids', 6), mask], null, {}, { maxTokens: 4 });
    expect(numbers(await shorter.preprocess.apply({ text: 'in in in', truncate: true }))[0]).toEqual([
      2, 10, 10, 3, 0, 0,
    ]);
  });

  test.each<[string, readonly TensorSpec[], object | null, object, readonly number[] | string]>([
    ['what tokenizer.json says', [fixed('input_ids', 4)], padding, { pad_token_id: 1 }, [2, 10, 3, 4]],
    ['what config.json says', [fixed('input_ids', 4)], null, { pad_token_id: 1 }, [2, 10, 3, 1]],
    ['any, behind a mask', [fixed('input_ids', 4), fixed('attention_mask', 4)], null, {}, [2, 10, 3, 0]],
    ['nothing known', [fixed('input_ids', 4)], null, {}, 'nothing says which token stands behind shorter texts'],
    [
      'of another length',
      [fixed('input_ids', 4), mask],
      null,
      {},
      "as many tokens each, and the model has 'input_ids' (INT64 [1,4]), 'attention_mask' (INT64 [1,6])",
    ],
    ['of several texts', [fixed('input_ids', 4, 8)], null, {}, "the model has 'input_ids' (INT64 [8,4])"],
  ])('have behind it %s', async (_what, inputs, filled, config, expected) => {
    const opened = openWith(inputs, filled, config);
    if (typeof expected === 'string') return expect(opened).rejects.toThrow(expected);
    const found = await (await opened).preprocess.apply({ text: 'in', truncate: false });
    expect(numbers(found)[0]).toEqual(expected);
  });
});

test('of a word of millions of letters no more is looked at than of a long text, and others have their turn', async () => {
  const task = await open(
    { name: 'token-classification' },
    [ids],
    [{ name: 'y', datatype: 'FP32', shape: [-1, -1, 2] }],
  );
  const text = 'w'.repeat(3_000_000);
  await expect(task.preprocess.apply({ text, truncate: false })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(
      'the text has more than 262144 characters, as many as are looked at; send a shorter',
    ),
  });
  const turns = loopTurns();
  const inputs = await task.preprocess.apply({ text, truncate: true });
  expect(turns()).toBeGreaterThan(2);
  expect(inputs).toMatchObject({ tokens: 3, isTruncated: true });
  const outputs = given('y', [1, 3, 2], [1, 0, 0, 1, 1, 0], inputs.encoded && { encoded: inputs.encoded });
  expect(await task.postprocess.apply(outputs)).toMatchObject([{ start: 0, end: 262_144 }]);
});
