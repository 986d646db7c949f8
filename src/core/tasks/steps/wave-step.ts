import type { PreprocessStep } from '../../../ports/task.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { onlyInput } from './only-input.ts';

/**
 * All of a sound as the model's one input of FP32, [batch, samples]. One that is shorter than the model takes has
 * silence behind it, one that is longer is refused. Throws an Error where the model takes no sound so.
 */
export function waveStep(
  model: TaskModel,
  { normalize = false, maxSeconds = 60 }: NonNullable<PreprocessStep['wave']>,
): Step<'sound', 'inputs'> {
  const { name, datatype, shape } = onlyInput(model, 'wave');
  if (datatype !== 'FP32' || shape.length < 2 || shape.slice(0, -1).some((size) => size > 1))
    throw new Error(`step wave fills FP32 [batch, samples], and input '${name}' takes ${datatype} [${shape}]`);
  const size = shape.at(-1) as number;
  return {
    takes: 'sound',
    gives: 'inputs',
    apply: (sound) => {
      const { sampleRate, length } = sound;
      const most = size === -1 ? Math.floor(maxSeconds * sampleRate) : size;
      if (length > most) throw tooLong(length / sampleRate, most / sampleRate);
      const own = sound.read(0, length);
      const samples = normalize ? normalized(own) : own;
      const filled = size === -1 ? samples : new Float32Array(size);
      if (size !== -1) filled.set(samples);
      const data = new Uint8Array(filled.buffer);
      return { tensors: [{ name, datatype, shape: [...shape.slice(0, -1).map(() => 1), filled.length], data }] };
    },
  };
}

function tooLong(seconds: number, most: number): ServiceError {
  const [has, may] = [seconds, most].map((each) => each.toFixed(2));
  return new ServiceError(
    413,
    `the sound is ${has} seconds long, and the model takes ${may} at once; send it in parts`,
  );
}

/** Source: transformers, Wav2Vec2FeatureExtractor.zero_mean_unit_var_norm. */
function normalized(samples: Float32Array): Float32Array<ArrayBuffer> {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / samples.length;
  const scale = 1 / Math.sqrt(variance + 1e-7);
  return Float32Array.from(samples, (sample) => (sample - mean) * scale);
}
