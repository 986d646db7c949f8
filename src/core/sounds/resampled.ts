import type { Sound } from '../../ports/sound.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { inTurns } from '../pace/in-turns.ts';
import { type LowPass, lowPass } from './low-pass.ts';

// Past it the filter of a rate that shares no factor with the other is large, and no recorder has such a rate.
const mostRatio = 20_000;
/** How many samples may be made of one: a small file of one a second would be hours of work. */
const mostOfOne = 16;
/** Each of 3 MB at most, and of a tenth of a second to make. */
const mostFilters = 4;
const filters = new Map<number, Promise<LowPass>>();

/**
 * A sound at another rate, band-limited: what is too high for the new rate is left out, not folded down.
 *
 * Source: polyphase filtering as scipy.signal.resample_poly has it, which gives the same samples. Rejects with
 * ServiceError 400 for a rate whose ratio to the other has no small terms, or that is far below it.
 */
export async function resampled(sound: Sound, sampleRate: number): Promise<Sound> {
  if (sound.sampleRate === sampleRate) return sound;
  const shared = greatestDivisor(sampleRate, sound.sampleRate);
  const up = sampleRate / shared;
  const down = sound.sampleRate / shared;
  if (Math.max(up, down) > mostRatio || up > mostOfOne * down)
    throw new ServiceError(
      400,
      `the sound has ${sound.sampleRate} samples a second, from which those of ${sampleRate} are not made; send it at a usual rate, such as ${sampleRate} or 48000`,
    );
  const { taps, half } = await filterOf(Math.max(up, down));
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

/** Recordings come at few rates, most of them at that of the one before. */
function filterOf(ratio: number): Promise<LowPass> {
  const filter = filters.get(ratio) ?? inTurns(lowPass(ratio));
  filters.delete(ratio);
  filters.set(ratio, filter);
  const [oldest] = filters.keys();
  if (filters.size > mostFilters && oldest !== undefined) filters.delete(oldest);
  return filter;
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
