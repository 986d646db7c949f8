import type { OutputTensor } from '../../protocol/inference.ts';
import type { Prediction } from './flow.ts';
import { jsonContent, predictionOutput } from './item-input.ts';

/** What a model went on with a text by. */
export interface GeneratedText {
  readonly generated_text: string;
}

const encoder = new TextEncoder();

/** Predictions as an output of BYTES, each element the JSON that /v1/predict has for it. */
export function predictionTensor(
  predictions: readonly (Prediction | GeneratedText)[],
  shape: readonly number[],
): OutputTensor {
  return {
    name: predictionOutput,
    datatype: 'BYTES',
    shape,
    data: predictions.map((prediction) => encoder.encode(JSON.stringify(prediction))),
    parameters: { content_type: jsonContent },
  };
}
