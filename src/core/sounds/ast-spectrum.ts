import type { Steps } from '../pace/steps.ts';
import { bandPowers } from './band-powers.ts';
import { Fourier } from './fourier.ts';
import { kaldiScale, melBands } from './mel-bands.ts';
import { spectrumForm } from './spectrum-form.ts';

const { rate, frame, hop } = spectrumForm;
const length = 512;
/** How much of the sample before is taken from each. */
const emphasis = 0.97;
const floor = 2 ** -23;

export interface AstSettings {
  readonly bands: number;
  readonly frames: number;
  /** Taken from each value, and half of what it is divided by then. */
  readonly mean: number;
  readonly std: number;
}

/** How many whole frames a sound has. */
export function astFrames(samples: number): number {
  return samples < frame ? 0 : 1 + Math.floor((samples - frame) / hop);
}

/**
 * The logarithms of a sound's power, [frames, bands], of its whole frames; those behind them are of zeros.
 *
 * @param samples of 16000 a second, with `frames` frames at most
 *
 * Source: transformers, ASTFeatureExtractor; torchaudio, compliance.kaldi.fbank.
 */
export function* astSpectrum(
  samples: Float32Array,
  { bands: count, frames, mean, std }: AstSettings,
): Steps<Float32Array<ArrayBuffer>> {
  const bands = melBands(kaldiScale, { count, lowHertz: 20, highHertz: rate / 2, powers: length / 2 + 1 });
  const window = Float64Array.from(
    { length: frame },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / (frame - 1)),
  );
  const fourier = new Fourier(length);
  const spectrum = new Float32Array(frames * count).fill(-mean / (2 * std));
  const framed = new Float64Array(length);
  for (let time = 0; time < Math.min(frames, astFrames(samples.length)); time += 1) {
    yield;
    const own = Float64Array.from(samples.subarray(time * hop, time * hop + frame));
    const middle = own.reduce((sum, sample) => sum + sample, 0) / frame;
    for (const [at, weight] of window.entries()) {
      const sample = (own[at] as number) - middle;
      const before = (own[Math.max(0, at - 1)] as number) - middle;
      framed[at] = weight * (sample - emphasis * before);
    }
    for (const [band, power] of bandPowers(fourier.powers(framed), bands).entries())
      spectrum[time * count + band] = (Math.log(Math.max(floor, power)) - mean) / (2 * std);
  }
  return spectrum;
}
