export interface SpeechSettings {
  /** Samples from a window to the next, and of the whole sound. */
  readonly hop: number;
  readonly samples: number;
  /** At which probability speech begins; it ends at `hysteresis` less. */
  readonly threshold: number;
  /** In samples. */
  readonly minSpeech: number;
  readonly minSilence: number;
  readonly pad: number;
}

interface Stretch {
  start: number;
  end: number;
}

const hysteresis = 0.15;
const leastThreshold = 0.01;

/**
 * Stretches of speech, in samples, by how probable it is in each window.
 *
 * Source: get_speech_timestamps of silero-vad, without a longest stretch.
 */
export function findSpeech(probabilities: readonly number[], settings: SpeechSettings): readonly Stretch[] {
  const { hop, samples, threshold, minSpeech, minSilence, pad } = settings;
  const low = Math.max(threshold - hysteresis, leastThreshold);
  const found: Stretch[] = [];
  let start: number | undefined;
  let silentFrom: number | undefined;
  const close = (end: number) => {
    if (start !== undefined && end - start > minSpeech) found.push({ start, end });
    start = undefined;
    silentFrom = undefined;
  };
  for (const [index, probability] of probabilities.entries()) {
    const at = index * hop;
    if (probability >= threshold) {
      start ??= at;
      silentFrom = undefined;
    } else if (probability < low && start !== undefined) {
      silentFrom ??= at;
      if (at - silentFrom >= minSilence) close(silentFrom);
    }
  }
  close(samples);
  return padded(found, pad, samples);
}

/** Stretches with `pad` before and behind them; what is left between two is shared where there is less. */
function padded(found: readonly Stretch[], pad: number, samples: number): readonly Stretch[] {
  return found.map(({ start, end }, index) => {
    const before = start - (found[index - 1]?.end ?? Number.NEGATIVE_INFINITY);
    const behind = (found[index + 1]?.start ?? Number.POSITIVE_INFINITY) - end;
    return {
      start: Math.max(0, Math.floor(start - (before < 2 * pad ? Math.floor(before / 2) : pad))),
      end: Math.min(samples, Math.floor(end + (behind < 2 * pad ? Math.floor(behind / 2) : pad))),
    };
  });
}
