import type { PreprocessStep } from '../../../ports/task.ts';
import { resampled } from '../../sounds/resampled.ts';
import type { Step } from '../step.ts';

/** A sound at a rate that the model takes: its own where that is one of them, else the first. */
export function resampleStep({ rates }: NonNullable<PreprocessStep['resample']>): Step<'sound', 'sound'> {
  return {
    takes: 'sound',
    gives: 'sound',
    apply: (sound) => (rates.includes(sound.sampleRate) ? sound : resampled(sound, rates[0] as number)),
  };
}
