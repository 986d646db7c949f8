import type { Sound } from '../../../ports/sound.ts';
import type { PreprocessStep } from '../../../ports/task.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import { inTurns } from '../../pace/in-turns.ts';
import type { Steps } from '../../pace/steps.ts';
import { normalized } from '../../sounds/normalized.ts';
import { readSound } from '../../sounds/read-sound.ts';
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
    apply: async (sound) => {
      const { sampleRate, length } = sound;
      const most = size === -1 ? Math.floor(maxSeconds * sampleRate) : size;
      if (length > most) throw tooLong(length / sampleRate, most / sampleRate);
      const samples = await inTurns(samplesOf(sound, normalize));
      const filled = size === -1 ? samples : new Float32Array(size);
      if (size !== -1) filled.set(samples);
      const data = new Uint8Array(filled.buffer);
      return { tensors: [{ name, datatype, shape: [...shape.slice(0, -1).map(() => 1), filled.length], data }] };
    },
  };
}

function* samplesOf(sound: Sound, normalize: boolean): Steps<Float32Array<ArrayBuffer>> {
  const samples = yield* readSound(sound);
  return normalize ? yield* normalized(samples) : samples;
}

function tooLong(seconds: number, most: number): ServiceError {
  const [has, may] = [seconds, most].map((each) => each.toFixed(2));
  return new ServiceError(
    413,
    `the sound is ${has} seconds long, and the model takes ${may} at once; send it in parts`,
  );
}
