import type { OutputTensor } from '../../protocol/inference.ts';
import { jsonContent, predictionOutput } from './item-input.ts';
import type { Predicted } from './predict.ts';

const encoder = new TextEncoder();

/** What a model says of items as an output of BYTES, each element the JSON that /v1/predict has for it. */
export function predictionTensor(predicted: readonly Predicted[], shape: readonly number[]): OutputTensor {
  return {
    name: predictionOutput,
    datatype: 'BYTES',
    shape,
    data: predicted.map(({ prediction }) => encoder.encode(JSON.stringify(prediction))),
    parameters: { content_type: jsonContent },
  };
}
