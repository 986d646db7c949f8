import type { ModelVersion } from '../model-version.ts';
import { generateText, type TextPiece, type TextSettings } from './generate-text.ts';
import { type FromSource, interleave } from './interleave.ts';
import type { LanguageModel } from './language-model.ts';
import type { TextChoice } from './text-choices.ts';

type GeneratingModel = Pick<LanguageModel, 'tokenizer' | 'generate'>;

/** One text after another makes no progress that its caller sees, and all at once take the room of others. */
const mostAtOnce = 8;

/**
 * The pieces of texts as they come, of eight at once at most, and of no more than may wait for the model, so that one
 * request is not refused for its own texts. Rejects as `generateText`, with the first failure.
 */
export function generateChoices(
  model: GeneratingModel,
  { config }: Pick<ModelVersion, 'config'>,
  choices: readonly TextChoice[],
  signal: AbortSignal,
): AsyncGenerator<FromSource<TextPiece>, void> {
  const sources = choices.map(
    ({ open, ...choice }) =>
      (both: AbortSignal) =>
        textOf(model, choice, open(), both),
  );
  return interleave(sources, Math.min(mostAtOnce, config.queue.maxSize || mostAtOnce), signal);
}

async function* textOf(
  model: GeneratingModel,
  { prompt, isEchoed }: Omit<TextChoice, 'open'>,
  settings: Promise<TextSettings>,
  signal: AbortSignal,
): AsyncGenerator<TextPiece, void> {
  yield* generateText(model, prompt, { ...(await settings), isEchoed }, signal);
}
