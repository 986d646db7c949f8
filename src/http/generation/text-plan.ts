import type { WholeText } from '../../core/generation/collect-texts.ts';
import type { TextPiece } from '../../core/generation/generate-text.ts';
import type { TextChoice } from '../../core/generation/text-choices.ts';

/** Tokens of a request, and those that the model made, the one that ends a text among them. */
export interface TextUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Writes texts in the shapes of one API. */
export interface TextWriter {
  /** The answer where it comes whole: texts in the order of their choices. */
  whole(texts: readonly WholeText[], usage: TextUsage): object;
  /** Events of a stream that a piece of a choice adds; none where it says nothing. */
  piece(choice: number, piece: TextPiece): readonly object[];
  /** Events at the end of a stream: an object, or a word of the API's own. */
  end(usage: TextUsage): readonly (object | string)[];
}

/** What a request wants of a language model. */
export interface TextPlan {
  readonly choices: readonly TextChoice[];
  readonly promptTokens: number;
  readonly isStreamed: boolean;
  readonly writer: TextWriter;
}
