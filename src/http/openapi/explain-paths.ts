import { methods } from '../../core/explain/methods.ts';
import { mostEvaluations } from '../../core/explain/most-evaluations.ts';
import { scales } from '../../core/explain/scale.ts';
import { answer } from './answer.ts';
import { inferenceFailures } from './inference-failures.ts';
import { itemContent } from './item-content.ts';
import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';
import { reference } from './reference.ts';

const text = { type: 'string' };
const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };

const description = `Shares the score of an answer out among the parts of what was asked: columns, words, regions of a picture, spans of a sound, bytes of a file. The answer names the
method, the baseline, and the version.`;

const parametersSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: {
    method: {
      enum: methods,
      description: 'Without it, Shapley values: exact of trees with few features, else by KernelSHAP.',
    },
    target: {
      anyOf: [text, count],
      description:
        'The class, by its name or else its place, or the place of a number; without it that with the highest score.',
    },
    baseline: {
      description:
        'What stands for what is left out: rows of columns or of tensors (without it the middle of the samples of the version, or zeros), a text in place of each word, `mean` or `zeros` of pictures, `silence` of sounds, `padding` of files.',
    },
    output: { ...text, description: 'Of models without a task: the output that is explained.' },
    samples: {
      type: 'integer',
      minimum: 1,
      maximum: mostEvaluations,
      description: 'Two for each part that differs from the baseline at least; of `lime` one for each, and one more.',
    },
    seed: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1, default: 1 },
    max_evaluations: { type: 'integer', minimum: 2, maximum: mostEvaluations, default: 4096 },
    parts: {
      type: 'integer',
      minimum: 1,
      maximum: 256,
      description: 'Regions along a side of a picture, up to 16; spans of a sound, or of the bytes of a file.',
    },
    steps: { type: 'integer', minimum: 1, maximum: 1000, description: 'Of integrated gradients.' },
    layer: {
      ...text,
      description:
        'The value of the graph that Grad-CAM looks at; without it the maps of the last convolution, behind its bias, normalization and activation and the sum with a shortcut.',
    },
    truncate: { type: 'boolean', description: 'A text that is too long is cut, in place of refused.' },
  },
};

const part = { type: 'object', required: ['weight'], properties: { weight: number } };
const parts = { type: 'array', items: part };

const explanation: JsonObject = {
  type: 'object',
  required: ['method', 'target', 'value', 'baseline', 'evaluations', 'timings_ms'],
  properties: {
    model: { ...text, description: 'Under `/v1`, as `version`.' },
    version: text,
    model_name: { ...text, description: 'Under `/v2`, as `model_version`.' },
    model_version: text,
    task: text,
    method: { enum: methods },
    target: {
      type: 'object',
      required: ['index', 'of'],
      properties: {
        output: text,
        index: count,
        label: text,
        of: {
          enum: scales,
          description:
            'What has the number, and so its scale: `answer`, as the task gives it; `output`, as infer gives it; `logits`, before the Softmax or Sigmoid at the end of the graph.',
        },
      },
    },
    value: { ...number, description: 'The score that is explained; `target.of` says its scale.' },
    baseline: text,
    baseline_value: number,
    features: {
      ...parts,
      description:
        'Columns or elements, of more than 256 some in a row as one; by gradients each, of more than 1,024 those with the largest weights. Each has its `value`, and as `baseline` what stood for it, where that was one row.',
    },
    others: {
      type: 'object',
      required: ['elements', 'weight'],
      properties: { elements: count, weight: number },
      description: 'How many elements `features` has not, and their weights together.',
    },
    words: parts,
    truncated: { const: true, description: 'The text was too long, and cut: its words are those that the model took.' },
    regions: parts,
    spans: parts,
    bytes: { ...parts, description: 'From byte `start` of a file to before `end`.' },
    chart: { ...text, description: 'Bars of the features or bytes, or of the spans over their time, as SVG.' },
    heat_map: {
      type: 'object',
      required: ['image', 'width', 'height'],
      properties: { image: text, width: count, height: count },
      description: 'The picture with its weights, as PNG in base64.',
    },
    completeness: {
      type: 'object',
      required: ['sum', 'expected', 'gap'],
      properties: { sum: number, expected: number, gap: number, note: text },
      description:
        'What the weights add up to, what they share out, and the difference as a part of that, or where both scores are the same, of the sizes of all weights; where integrated gradients leave more than 0.1 %, a note with what brings it down.',
    },
    evaluations: { ...count, description: 'Rows that the model was run on.' },
    seed: count,
    samples: count,
    fit: { type: 'object', required: ['error', 'r2'], properties: { error: number, r2: number } },
    steps: count,
    gradients: {
      type: 'object',
      required: ['version', 'by'],
      properties: {
        version: text,
        by: { ...text, description: 'The value of the graph that they are by; of Grad-CAM the layer.' },
        note: text,
      },
    },
    note: {
      ...text,
      description:
        'Where all weights are 0: why, and what may find more. Where zeros stand for columns or elements that nobody gave a baseline for: what would say more.',
    },
    timings_ms: { type: 'object' },
  },
};

export const explainSchemas: JsonObject = { Explanation: explanation, ExplainParameters: parametersSchema };
const parameters = reference('schemas', 'ExplainParameters');

const operation = (id: string, names: readonly string[], body: JsonObject): JsonObject => ({
  post: {
    tags: ['inference'],
    operationId: id,
    summary: 'What parts of an item had which part in an answer',
    description,
    parameters: [...names, 'RequestTimeout'].map((name) => reference('parameters', name)),
    requestBody: { required: true, content: body },
    responses: {
      200: answer('The parts with their weights.', {
        'application/json': { schema: reference('schemas', 'Explanation') },
      }),
      ...inferenceFailures('It cannot be explained, or not so', 'The body cannot be an item of the task.'),
      ...openAiFailures({ 409: 'By gradients: the version was overwritten since it was loaded.' }),
    },
  },
});

const item = itemContent(
  {
    type: 'object',
    required: ['inputs'],
    additionalProperties: false,
    properties: { inputs: { description: 'An item, as `/v1/predict` takes it.' }, parameters },
  },
  {
    inputs: 'A text, of models that take texts, in place of `file`.',
    parameters: 'As in JSON: `{"method": "lime"}`.',
  },
);

const tensors: JsonObject = {
  'application/json': {
    schema: {
      type: 'object',
      required: ['inputs'],
      properties: {
        inputs: { type: 'array', items: { type: 'object' }, description: 'A row of each input, as infer takes it.' },
        parameters,
      },
    },
  },
};

/** Explanations of answers, by both interfaces. */
export const explainPaths: JsonObject = {
  '/v1/explain/{model_name}': operation('explain', ['ModelName'], item),
  '/v1/explain/{model_name}/versions/{model_version}': operation('explainVersion', ['ModelName', 'ModelVersion'], item),
  '/v2/models/{model_name}/explain': operation('modelExplain', ['ModelName'], tensors),
  '/v2/models/{model_name}/versions/{model_version}/explain': operation(
    'modelVersionExplain',
    ['ModelName', 'ModelVersion'],
    tensors,
  ),
};
