import { promptTokens } from '../../core/generation/prompt-tokens.ts';
import { textChoices } from '../../core/generation/text-choices.ts';
import { answerText, type TextParts } from '../generation/answer-text.ts';
import { identityOf } from '../identity-of.ts';
import { jsonBody } from '../json-body.ts';
import type { Handler } from '../router.ts';
import { GenerateWriter } from './generate-writer.ts';
import { readGenerateRequest } from './read-generate-request.ts';

/**
 * `POST …/generate`, or `…/generate_stream` where `isStreamed`: Triton's generate extension, of models with the task
 * text-generation.
 */
export function generateRoute(parts: TextParts, isStreamed: boolean): Handler {
  return (request, [name = '', reference]) => {
    const chosen = parts.dataPlane.releases.choose(name, reference, identityOf(request));
    return answerText(parts, request, chosen, async (model, signal) => {
      const asked = readGenerateRequest(jsonBody(request));
      const prompt = await promptTokens(model, asked.prompt, true, signal);
      const logprobs = asked.details ? 0 : undefined;
      return {
        choices: textChoices(model, [prompt], { ...asked, logprobs, n: 1 }),
        promptTokens: prompt.length,
        isStreamed,
        writer: new GenerateWriter(chosen.version, asked),
      };
    });
  };
}
