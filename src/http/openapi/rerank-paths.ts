import { answer } from './answer.ts';
import { inferenceFailures } from './inference-failures.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const number = { anyOf: [{ type: 'number' }, { type: 'null' }] };
const whole = { type: 'integer', minimum: 0 };
const object = (properties: JsonObject, optional: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties: { ...properties, ...optional },
});
const texts = (items: JsonObject): JsonObject => ({ type: 'array', minItems: 1, maxItems: 1000, items });

const asked = { query: text };
const model = {
  ...text,
  description:
    'Without it, the one model that ranks texts. A name, or a name with `@` and a version or alias behind it: of a model that takes pairs and gives one number for each, or of one that gives vectors.',
};
const optional = {
  model,
  raw_scores: { ...flag, description: 'Scores as the model gives them, also where those are logits.' },
  truncate: { ...flag, description: 'Texts that are too long are cut, in place of refused.' },
};
const cohere = object(
  {
    ...asked,
    documents: texts({ anyOf: [text, { type: 'object', required: ['text'], properties: { text } }] }),
  },
  {
    ...optional,
    top_n: { type: 'integer', minimum: 1, description: 'How many of the best are wanted.' },
    return_documents: { ...flag, description: 'Each result has its text.' },
  },
);
const tei = object(
  { ...asked, texts: texts(text) },
  {
    ...optional,
    return_text: { ...flag, description: 'Each result has its text.' },
    truncation_direction: { enum: ['Right', 'right'], default: 'Right' },
  },
);

const result = object(
  { index: whole, relevance_score: number },
  { document: object({ text }, {}), truncated: { const: true, description: 'It, or the query, was cut.' } },
);
const answered = object(
  {
    id: text,
    model: text,
    results: { type: 'array', items: result },
    usage: object({ prompt_tokens: whole, total_tokens: whole }, {}),
  },
  {},
);
const teiAnswered = { type: 'array', items: object({ index: whole, score: number }, { text }) };

function rerankPath(id: string, client: string): JsonObject {
  return {
    post: {
      tags: ['inference'],
      operationId: id,
      summary: 'Texts by how well they answer a query',
      description: `Where ${client} asks for them. In the shape of Cohere's API (\`documents\`), or of Hugging Face's Text Embeddings Inference (\`texts\`); the answer is in the same. Scores are from 0 to 1 where the model gives logits, and cosines where it gives vectors.`,
      parameters: [reference('parameters', 'RequestTimeout')],
      requestBody: { required: true, content: { 'application/json': { schema: { anyOf: [cohere, tei] } } } },
      responses: {
        200: answer('The best first.', { 'application/json': { schema: { anyOf: [answered, teiAnswered] } } }),
        ...inferenceFailures('The request is wrong, or a text too long'),
      },
    },
  };
}

/** Texts by how well they answer a query, at each client's own path. */
export const rerankPaths: JsonObject = {
  '/v1/rerank': rerankPath('rerank', "Cohere's first client (`Client`)"),
  '/v2/rerank': rerankPath('rerankV2', "Cohere's second client (`ClientV2`)"),
  '/rerank': rerankPath('rerankTei', 'Text Embeddings Inference (not behind API Gateway)'),
};
