import type { Steps } from '../pace/steps.ts';
import { bandPowers } from './band-powers.ts';
import { Fourier } from './fourier.ts';
import { melBands, slaneyScale } from './mel-bands.ts';
import { spectrumForm } from './spectrum-form.ts';

const { rate, frame, hop } = spectrumForm;
/** Powers of 10, below which nothing counts; and how much less than the most does. */
const [floor, range] = [1e-10, 8];

/**
 * The logarithms of a sound's power, [bands, frames], each frame around its time, of silence behind the sound too. What
 * is quieter than the loudest by more than 80 dB is as loud as that; the loudest of a full sound is 1.5 or so.
 *
 * @param samples of 16000 a second, `frames` times 160 at most
 *
 * Source: transformers, WhisperFeatureExtractor.
 */
export function* whisperSpectrum(
  samples: Float32Array,
  { bands: count, frames }: Readonly<Record<'bands' | 'frames', number>>,
): Steps<Float32Array<ArrayBuffer>> {
  const bands = melBands(slaneyScale, { count, lowHertz: 0, highHertz: rate / 2, powers: frame / 2 + 1 });
  const window = Float64Array.from({ length: frame }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / frame));
  const fourier = new Fourier(frame);
  const last = frames * hop - 1;
  // Before the beginning and behind the end it goes on as in a mirror.
  const sample = (at: number) => samples[at < 0 ? -at : at > last ? 2 * last - at : at] ?? 0;
  const spectrum = new Float32Array(count * frames).fill(Math.log10(floor));
  let most = Math.log10(floor);
  for (let time = 0; time < frames; time += 1) {
    yield;
    const from = time * hop - frame / 2;
    // Behind the sound there is nothing.
    if (from >= samples.length && from + frame <= last) continue;
    const powers = fourier.powers(window.map((weight, at) => weight * sample(from + at)));
    for (const [band, power] of bandPowers(powers, bands).entries()) {
      const value = Math.log10(Math.max(floor, power));
      spectrum[band * frames + time] = value;
      most = Math.max(most, value);
    }
  }
  for (const [index, value] of spectrum.entries()) spectrum[index] = (Math.max(value, most - range) + 4) / 4;
  return spectrum;
}
