import { afterAll, expect, test } from '@jest/globals';
import { explainService } from '../fakes/explain-service.ts';
import type { OnnxGraph } from '../fakes/onnx-builder.ts';
import { wordTokenizer } from '../fakes/word-tokenizer.ts';

const floats = (name: string, shape: readonly number[], values: readonly number[]) => ({
  name,
  datatype: 'FP32' as const,
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** Of the tokens <unk>, <s>, </s>, a and b. */
const table = floats('table', [5, 2], [0, 0, 0.1, 0.2, 0.3, -0.1, 2, 0.5, -1, 1.5]);
const mean = { op: 'ReduceMean', attributes: { axes: [1], keepdims: 0 } };

/** Vectors of tokens, and of the whole text. */
const encoder: OnnxGraph = {
  inputs: [{ name: 'input_ids', datatype: 'INT64', shape: ['N', 'T'] }],
  outputs: [
    { name: 'token_embeddings', datatype: 'FP32', shape: ['N', 'T', 2] },
    { name: 'sentence_embedding', datatype: 'FP32', shape: ['N', 2] },
  ],
  nodes: [
    { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['token_embeddings'] },
    { ...mean, inputs: ['token_embeddings'], outputs: ['mean'] },
    { op: 'Tanh', inputs: ['mean'], outputs: ['sentence_embedding'] },
  ],
  initializers: [table],
};

/** Scores of a pair of texts by the mean vector of both. */
const pair: OnnxGraph = {
  inputs: [{ name: 'input_ids', datatype: 'INT64', shape: ['N', 'T'] }],
  outputs: [{ name: 'logits', datatype: 'FP32', shape: ['N', 2] }],
  nodes: [
    { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['vectors'] },
    { ...mean, inputs: ['vectors'], outputs: ['logits'] },
  ],
  initializers: [table],
};

const pairTokenizer = {
  ...wordTokenizer,
  truncation: null,
  post_processor: {
    ...wordTokenizer.post_processor,
    pair: [
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 1 } },
    ],
  },
};

const { ask, close } = await explainService({
  encoder: [encoder, { task: 'feature-extraction' }, { 'tokenizer.json': JSON.stringify(wordTokenizer) }],
  prompted: [
    encoder,
    { task: { name: 'feature-extraction', preprocess: [{ tokenize: { prompt: 'b ' } }] } },
    { 'tokenizer.json': JSON.stringify(wordTokenizer) },
  ],
  short: [
    encoder,
    { task: { name: 'feature-extraction', preprocess: [{ tokenize: { truncate: true } }] } },
    { 'tokenizer.json': JSON.stringify(wordTokenizer) },
  ],
  pair: [pair, { task: 'text-classification' }, { 'tokenizer.json': JSON.stringify(pairTokenizer) }],
});
afterAll(close);

const parameters = { method: 'integrated-gradients', target: 1 };

test('a vector is explained by the output that it is made of, where there are several', async () => {
  const asked = await ask('/v1/explain/encoder', 'a b', parameters);
  expect(asked.target).toEqual({ output: 'sentence_embedding', index: 1, of: 'output' });
  // Of <s>, a, b and </s>.
  expect(asked.value).toBeCloseTo(Math.tanh((0.2 + 0.5 + 1.5 - 0.1) / 4), 6);
});

test('of a pair by gradients are the words of the first text; the second stands with what is no word', async () => {
  const asked = await ask('/v1/explain/pair', { text: 'a b', text_pair: 'b b' }, parameters);
  expect(asked.words.map(({ word }: { word: string | null }) => word)).toEqual(['a', 'b', null]);
  const [a, b, others] = asked.words.map(({ weight }: { weight: number }) => weight);
  // Of a, b, </s>, b and b.
  expect(a).toBeCloseTo(0.5 / 5, 6);
  expect(b).toBeCloseTo(1.5 / 5, 6);
  expect(others).toBeCloseTo((1.5 + 1.5 - 0.1) / 5, 6);
});

test.each(['occlusion', 'kernel-shap', 'integrated-gradients'])(
  'of a text that is cut are the words that the model takes by %s, and no other comes in their place',
  async (method) => {
    const asked = await ask('/v1/explain/encoder', 'a b a b b b', { method, target: 1, truncate: true });
    const whole = await ask('/v1/explain/encoder', 'a b a', { method, target: 1 });
    expect(asked).toMatchObject({ value: whole.value, baseline_value: whole.baseline_value, words: whole.words });
    expect([asked.truncated, whole.truncated]).toEqual([true, undefined]);
  },
);

test.each(['occlusion', 'integrated-gradients'])(
  'a prompt before a text is none of its words by %s, whose places are those of what was sent',
  async (method) => {
    const places = [
      ['👍', 0, 1],
      ['a', 2, 3],
    ];
    for (const [text, more] of [['👍 a'], ['👍 a b b', { truncate: true }]] as const) {
      const { words } = await ask('/v1/explain/prompted', text, { method, target: 1, ...more });
      const told = words.map(({ word, start, end }: Record<string, unknown>) => [word, start, end]);
      expect(told).toEqual(method === 'occlusion' ? places : [...places, [null, null, null]]);
    }
  },
);

test('a text that the task cuts without being asked is explained by the words that the model takes', async () => {
  const asked = await ask('/v1/explain/short', 'a b a b b b', { method: 'occlusion', target: 1 });
  const whole = await ask('/v1/explain/short', 'a b a', { method: 'occlusion', target: 1 });
  expect(asked).toMatchObject({ value: whole.value, baseline_value: whole.baseline_value, words: whole.words });
  expect([asked.truncated, whole.truncated]).toEqual([true, undefined]);
});

test('pictographs are words', async () => {
  const asked = await ask('/v1/explain/pair', '👍 a👨‍👩‍👧❤️!🇫🇷');
  expect(
    asked.words.map(({ word, start, end }: { word: string; start: number; end: number }) => [word, start, end]),
  ).toEqual([
    ['👍', 0, 1],
    ['a', 2, 3],
    ['👨‍👩‍👧', 3, 8],
    ['❤️', 8, 10],
    ['🇫🇷', 11, 13],
  ]);
});
