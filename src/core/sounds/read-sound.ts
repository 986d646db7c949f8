import type { Sound } from '../../ports/sound.ts';
import type { Steps } from '../pace/steps.ts';

/** Of which each may be made of 48 others, in some milliseconds. */
const samplesAtOnce = 2048;

/** All samples of a sound. */
export function* readSound(sound: Sound): Steps<Float32Array<ArrayBuffer>> {
  const { length } = sound;
  const samples = new Float32Array(length);
  for (let start = 0; start < length; start += samplesAtOnce) {
    yield;
    samples.set(sound.read(start, Math.min(samplesAtOnce, length - start)), start);
  }
  return samples;
}
