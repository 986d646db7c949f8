import type { PreprocessStep } from '../../ports/task.ts';
import type { JsonObject } from './read-json-file.ts';

/** By the class of its feature extractor, what a model's input is made of: waves, or spectra. */
const readers: Readonly<Record<string, (file: JsonObject) => PreprocessStep>> = {
  Wav2Vec2FeatureExtractor: ({ do_normalize: normalize = true }) => ({ wave: { normalize: normalize === true } }),
  WhisperFeatureExtractor: (file) => {
    // Frames are of 25 ms, and begin every 10 ms.
    for (const [name, usual] of [['n_fft', 400] as const, ['hop_length', 160] as const]) only(file, name, usual);
    const frames = positive(file, 'chunk_length', 30) * 100;
    return { logMel: { as: 'whisper', bands: positive(file, 'feature_size', 80), frames } };
  },
  ASTFeatureExtractor: (file) => {
    const { do_normalize: normalize = true } = file;
    // What is divided by is twice as much.
    const { mean, std } = normalize === true ? file : { mean: 0, std: 0.5 };
    return {
      logMel: {
        as: 'ast',
        bands: positive(file, 'num_mel_bins', 128),
        frames: positive(file, 'max_length', 1024),
        ...(typeof mean === 'number' && { mean }),
        ...(typeof std === 'number' && { std }),
      },
    };
  },
};

/**
 * How a sound becomes a model's input, as a preprocessor_config.json of Hugging Face says. Throws an Error where that
 * is in a form that is not known.
 */
export function soundStepsOf(file: JsonObject): readonly PreprocessStep[] {
  const { feature_extractor_type: kind } = file;
  const read = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (!read)
    throw refused(
      `'feature_extractor_type': expected one of ${Object.keys(readers).join(', ')}, got ${kind === undefined ? 'nothing' : JSON.stringify(kind)}`,
    );
  const step = read(file);
  if (step.logMel) only(file, 'sampling_rate', 16000);
  return [{ decodeSound: {} }, { resample: { rates: [positive(file, 'sampling_rate', 16000)] } }, step];
}

/** A whole number above 0. */
function positive(file: JsonObject, name: string, usual: number): number {
  const value = file[name] ?? usual;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw refused(`'${name}': expected a number, got ${JSON.stringify(value)}`);
}

function only(file: JsonObject, name: string, expected: number): void {
  const value = file[name] ?? expected;
  if (value !== expected) throw refused(`'${name}': expected ${expected}, got ${JSON.stringify(value)}`);
}

function refused(what: string): Error {
  return new Error(`preprocessor_config.json: ${what}; say in model.json how a sound becomes the model's input`);
}
