import type { PreprocessStep } from '../../../ports/task.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/** A WAV file as sound. One that is too long is refused with 413. */
export async function decodeSoundStep(
  { tools }: TaskModel,
  { maxSeconds = 7200 }: NonNullable<PreprocessStep['decodeSound']>,
): Promise<Step<'file', 'sound'>> {
  const decode = await tools.sound();
  return {
    takes: 'file',
    gives: 'sound',
    apply: (file) => {
      const sound = decode(file);
      const seconds = sound.length / sound.sampleRate;
      if (seconds <= maxSeconds) return sound;
      throw new ServiceError(
        413,
        `the sound is ${Math.ceil(seconds)} seconds long, more than the ${maxSeconds} that are taken; send it in parts`,
      );
    },
  };
}
