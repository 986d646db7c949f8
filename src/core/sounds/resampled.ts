import type { Sound } from '../../ports/sound.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { lowPass } from './low-pass.ts';

// Past it the filter of a rate that shares no factor with the other is large, and no recorder has such a rate.
const mostRatio = 20_000;

/**
 * A sound at another rate, band-limited: what is too high for the new rate is left out, not folded down.
 *
 * Source: polyphase filtering as scipy.signal.resample_poly has it, which gives the same samples. Throws ServiceError
 * 400 for a rate whose ratio to the other has no small terms.
 */
export function resampled(sound: Sound, sampleRate: number): Sound {
  if (sound.sampleRate === sampleRate) return sound;
  const shared = greatestDivisor(sampleRate, sound.sampleRate);
  const up = sampleRate / shared;
  const down = sound.sampleRate / shared;
  if (Math.max(up, down) > mostRatio)
    throw new ServiceError(
      400,
      `the sound has ${sound.sampleRate} samples a second, from which those of ${sampleRate} are not made; send it at a usual rate, such as ${sampleRate} or 48000`,
    );
  const { taps, half } = lowPass(Math.max(up, down));
  const length = Math.ceil((sound.length * up) / down);
  return {
    sampleRate,
    length,
    read: (start, count) => {
      const first = Math.ceil((start * down - half) / up);
      const last = Math.floor(((start + count - 1) * down + half) / up);
      const from = sound.read(first, last - first + 1);
      const samples = new Float32Array(count);
      const end = Math.min(count, length - start);
      for (let index = Math.max(0, -start); index < end; index += 1) {
        const center = half + (start + index) * down;
        let sum = 0;
        // Zeros lie between the samples that there are: every `up`th tap meets one.
        let tap = center % up;
        let at = (center - tap) / up - first;
        for (; tap < taps.length; tap += up, at -= 1) sum += (taps[tap] as number) * (from[at] as number);
        samples[index] = sum * up;
      }
      return samples;
    },
  };
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
