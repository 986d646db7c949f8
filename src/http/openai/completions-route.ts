import { promptsTokens } from '../../core/generation/prompts-tokens.ts';
import { textChoices } from '../../core/generation/text-choices.ts';
import { withoutPart } from '../../core/generation/without-part.ts';
import { answerText, type TextParts } from '../generation/answer-text.ts';
import { jsonBody } from '../json-body.ts';
import type { Handler } from '../router.ts';
import { CompletionWriter } from './completion-writer.ts';
import { modelOf } from './model-of.ts';
import { nameIn } from './name-in.ts';
import { readCompletionRequest } from './read-completion-request.ts';
import { frameOf } from './text-frame.ts';

/**
 * `POST /v1/completions`, in OpenAI's shapes: texts that go on with prompts, of models with the task text-generation.
 */
export function completionsRoute(parts: TextParts): Handler {
  return async (request) => {
    const asked = readCompletionRequest(jsonBody(request));
    request.caller?.check('infer', nameIn(asked.model));
    const chosen = modelOf(parts.dataPlane.releases, asked.model, request);
    const { version } = chosen;
    return answerText(parts, request, chosen, async (model, signal) => {
      const { n, echo, logprobs, stream } = asked;
      const prompts = await promptsTokens(model, asked.prompts, signal);
      const echoes = asked.prompts.map((prompt) =>
        typeof prompt === 'string' ? prompt : withoutPart(model.tokenizer.decode(prompt)),
      );
      const choices = textChoices(model, prompts, asked).map((choice, place) => ({
        ...choice,
        isEchoed: echo && typeof asked.prompts[Math.floor(place / n)] !== 'string',
      }));
      const frame = frameOf(`cmpl-${request.requestId}`, asked.model, version);
      return {
        choices,
        promptTokens: prompts.reduce((sum, { length }) => sum + length, 0),
        isStreamed: stream.isStreamed,
        writer: new CompletionWriter(frame, {
          includeUsage: stream.includeUsage,
          logprobs: logprobs !== undefined,
          echoes: echo ? echoes.flatMap((text) => Array.from({ length: n }, () => text)) : [],
        }),
      };
    });
  };
}
