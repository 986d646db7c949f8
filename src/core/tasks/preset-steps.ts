import type { PostprocessStep, PredictionName, PreprocessStep } from '../../ports/task.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { ModelSignature } from '../model-version.ts';

/** The usual steps of a task, for what a model takes and gives. */
export function presetSteps(
  name: PredictionName,
  { inputs, outputs }: ModelSignature,
): { readonly preprocess: readonly PreprocessStep[]; readonly postprocess: readonly PostprocessStep[] } {
  const namesClass = outputs.some(({ datatype }) => datatype === 'BYTES' || datatype === 'INT64');
  // What a network gives before it is made parts of 1 goes by this name.
  const hasLogits = outputs.some((output) => output.name === 'logits');
  const asParts: readonly PostprocessStep[] = hasLogits ? [{ softmax: { output: 'logits' } }] : [];
  const classes: readonly PostprocessStep[] = namesClass ? [{ label: {} }] : [...asParts, { topK: {} }];
  const takesTokens = inputs.some((input) => input.name === 'input_ids');
  switch (name) {
    case 'text-classification':
      return { preprocess: [takesTokens ? { tokenize: {} } : { text: {} }], postprocess: classes };
    case 'token-classification':
      return { preprocess: [{ tokenize: {} }], postprocess: [...asParts, { spans: {} }] };
    case 'feature-extraction':
    case 'sentence-similarity':
      return { preprocess: [{ tokenize: {} }], postprocess: [{ pool: {} }] };
    case 'audio-classification':
      return {
        preprocess: [{ decodeSound: {} }, { resample: { rates: [16000] } }, { wave: {} }],
        postprocess: classes,
      };
    case 'voice-activity-detection':
      return { preprocess: [{ decodeSound: {} }, ...speechWindows(inputs)], postprocess: [{ speech: {} }] };
    case 'image-classification':
      return { preprocess: [{ decodeImage: {} }, { pictureTensor: {} }], postprocess: classes };
    case 'object-detection':
      return { preprocess: [{ decodeImage: {} }, { pictureTensor: {} }], postprocess: [{ boxes: {} }] };
    case 'image-to-image':
      return {
        preprocess: [{ decodeImage: {} }, { pictureTensor: { scale: 1 / 255 } }],
        postprocess: [{ encodeImage: {} }],
      };
    case 'tabular-classification':
      return { preprocess: [{ columns: {} }], postprocess: classes };
    case 'tabular-regression':
      return { preprocess: [{ columns: {} }], postprocess: [{ value: {} }] };
  }
}

/** As silero-vad takes them, which is told the rate and knows two. */
function speechWindows(inputs: readonly TensorSpec[]): readonly PreprocessStep[] {
  const isTold = inputs.some(({ name }) => name === 'sr');
  return [{ resample: { rates: isTold ? [16000, 8000] : [16000] } }, { frames: { windowMs: 32, contextMs: 4 } }];
}
