import { Fields } from '../fields.ts';
import type { ExplainOptions } from './explain-options.ts';
import { type Method, methods } from './methods.ts';
import { mostEvaluations } from './most-evaluations.ts';

const usualEvaluations = 4096;
const mostSteps = 1000;
const mostParts = 256;

const known = [
  'method',
  'target',
  'baseline',
  'output',
  'seed',
  'samples',
  'max_evaluations',
  'parts',
  'steps',
  'layer',
  'truncate',
];

/** What a request's `parameters` say of the explanation that is wanted. Throws 400 that names the one that is wrong. */
export function readExplainParameters(parameters: Readonly<Record<string, unknown>>): ExplainOptions {
  const fields = new Fields(parameters, known, 'parameter');
  const target = fields.value('target');
  const isPlace = typeof target === 'number' && Number.isSafeInteger(target) && target >= 0;
  if (target !== undefined && typeof target !== 'string' && !isPlace)
    throw fields.wrong('target', 'the name of a class, or its place from 0');
  // Taken where the item is read.
  fields.flag('truncate');
  const method = fields.text('method');
  if (method !== undefined && !methods.some((each) => each === method))
    throw fields.wrong('method', `one of ${methods.join(', ')}`);
  return {
    method: method as Method | undefined,
    target,
    baseline: fields.value('baseline'),
    output: fields.text('output'),
    seed: fields.whole('seed', 0, 2 ** 31 - 1) ?? 1,
    samples: fields.whole('samples', 1, mostEvaluations),
    maxEvaluations: fields.whole('max_evaluations', 2, mostEvaluations) ?? usualEvaluations,
    parts: fields.whole('parts', 1, mostParts),
    steps: fields.whole('steps', 1, mostSteps),
    layer: fields.text('layer'),
  };
}
