import type { TextFinish, TextPiece, TextToken } from './generate-text.ts';
import type { FromSource } from './interleave.ts';

export interface WholeText {
  readonly text: string;
  /** Empty where no probabilities are wanted. */
  readonly tokens: readonly TextToken[];
  readonly finish: TextFinish;
}

export interface CollectedTexts {
  /** In the order of their choices. */
  readonly texts: readonly WholeText[];
  /** Tokens that the model made, those that end texts among them. */
  readonly completionTokens: number;
}

/** Reads the pieces of `count` texts to their ends. */
export async function collectTexts(
  pieces: AsyncGenerator<FromSource<TextPiece>, void>,
  count: number,
): Promise<CollectedTexts> {
  const texts = Array.from({ length: count }, () => ({
    text: '',
    tokens: [] as TextToken[],
    finish: 'length' as TextFinish,
  }));
  let completionTokens = 0;
  for await (const { index, value } of pieces) {
    const text = texts[index] as (typeof texts)[number];
    text.text += value.text;
    text.tokens.push(...value.tokens);
    if (value.finish) text.finish = value.finish;
    completionTokens += 1;
  }
  return { texts, completionTokens };
}
