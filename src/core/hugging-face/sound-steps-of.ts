import type { PreprocessStep } from '../../ports/task.ts';
import type { JsonObject } from './read-json-file.ts';

/** How a sound becomes `input_values`, as a preprocessor_config.json of Hugging Face says. Throws an Error where that is no wave, or in a form that is not known. */
export function soundStepsOf(file: JsonObject): readonly PreprocessStep[] {
  const { feature_extractor_type: kind, sampling_rate: rate = 16000, do_normalize: normalize = true } = file;
  if (kind !== 'Wav2Vec2FeatureExtractor')
    throw refused(
      `'feature_extractor_type': expected Wav2Vec2FeatureExtractor, got ${kind === undefined ? 'nothing' : JSON.stringify(kind)}`,
    );
  if (typeof rate !== 'number' || !Number.isInteger(rate) || rate < 1)
    throw refused(`'sampling_rate': expected a number, got ${JSON.stringify(rate)}`);
  return [{ decodeSound: {} }, { resample: { rates: [rate] } }, { wave: { normalize: normalize === true } }];
}

function refused(what: string): Error {
  return new Error(`preprocessor_config.json: ${what}; say in model.json how a sound becomes the model's input`);
}
