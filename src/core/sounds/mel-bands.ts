/** How a scale of pitch goes by frequency, and how a band of it counts. */
export interface MelScale {
  toMel(hertz: number): number;
  /** Frequencies are weighed by their distances on the scale, in place of those in hertz. */
  readonly isInMel: boolean;
  /** Bands weigh less as they are wider. */
  readonly isByWidth: boolean;
  toHertz(mel: number): number;
}

/** Of Slaney's Auditory Toolbox, as librosa and Whisper have it. */
export const slaneyScale: MelScale = {
  toMel: (hertz) => (hertz < 1000 ? (3 * hertz) / 200 : 15 + (Math.log(hertz / 1000) * 27) / Math.log(6.4)),
  toHertz: (mel) => (mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27)),
  isInMel: false,
  isByWidth: true,
};

/** Of Kaldi, as torchaudio's `compliance.kaldi.fbank` has it. */
export const kaldiScale: MelScale = {
  toMel: (hertz) => 1127 * Math.log(1 + hertz / 700),
  toHertz: (mel) => 700 * (Math.exp(mel / 1127) - 1),
  isInMel: true,
  isByWidth: false,
};

/** Weights of the frequencies of one band, of which the first is number `first`. */
export interface MelBand {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Triangular bands, each from the middle of the one before to that of the next, evenly on the scale.
 *
 * @param powers frequencies that there are, from 0 to `highHertz`
 *
 * Source: transformers, audio_utils.mel_filter_bank.
 */
export function melBands(
  scale: MelScale,
  { count, lowHertz, highHertz, powers }: Readonly<Record<'count' | 'lowHertz' | 'highHertz' | 'powers', number>>,
): readonly MelBand[] {
  const [low, high] = [scale.toMel(lowHertz), scale.toMel(highHertz)];
  const own = (hertz: number) => (scale.isInMel ? scale.toMel(hertz) : hertz);
  const edge = (number: number) => {
    const mel = low + ((high - low) * number) / (count + 1);
    return scale.isInMel ? mel : scale.toHertz(mel);
  };
  return Array.from({ length: count }, (_, band) => {
    const [from, middle, to] = [edge(band), edge(band + 1), edge(band + 2)];
    const height = scale.isByWidth ? 2 / (to - from) : 1;
    const all = Float64Array.from({ length: powers }, (_power, number) => {
      const at = own((highHertz * number) / (powers - 1));
      return Math.max(0, Math.min((at - from) / (middle - from), (to - at) / (to - middle))) * height;
    });
    const first = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    return { first, weights: all.slice(first, all.findLastIndex((weight) => weight > 0) + 1) };
  });
}
