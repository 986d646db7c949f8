import type { PostprocessStep } from '../../../ports/task.ts';
import { findOutput } from '../find-output.ts';
import { findSpeech } from '../find-speech.ts';
import { isScores } from '../is-scores.ts';
import { shortNumber } from '../short-number.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { toldNumbers } from '../told-numbers.ts';

/**
 * Where there is speech, by an output with the probability of it in each window of a sound. Throws an Error where the
 * model has no such output.
 */
export function speechStep(
  model: TaskModel,
  {
    output,
    threshold = 0.5,
    minSpeechMs = 250,
    minSilenceMs = 100,
    padMs = 30,
  }: NonNullable<PostprocessStep['speech']>,
): Step<'outputs', 'prediction'> {
  const what = 'an output of floats [batch, 1]';
  const isOne = (each: Parameters<typeof isScores>[0]) =>
    isScores(each) && each.shape.slice(1).every((size) => size === 1);
  const { name } = findOutput(model, { step: 'speech', name: output, willDo: isOne, what });
  return {
    takes: 'outputs',
    gives: 'prediction',
    scores: name,
    apply: (outputs) => {
      const probabilities = toldNumbers(outputs, name);
      const { hop, samples, sampleRate } = outputs.windows ?? { hop: 1, samples: 1, sampleRate: 1 };
      const inSamples = (ms: number) => (ms * sampleRate) / 1000;
      const found = findSpeech(probabilities, {
        hop,
        samples,
        threshold,
        minSpeech: inSamples(minSpeechMs),
        minSilence: inSamples(minSilenceMs),
        pad: inSamples(padMs),
      });
      return {
        speech: found.map(({ start, end }) => ({ start: start / sampleRate, end: end / sampleRate })),
        probabilities: probabilities.map(shortNumber),
        step_seconds: hop / sampleRate,
        seconds: samples / sampleRate,
      };
    },
  };
}
