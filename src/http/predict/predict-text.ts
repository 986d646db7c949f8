import type { ChosenVersion } from '../../core/canary/chosen-version.ts';
import { promptsTokens } from '../../core/generation/prompts-tokens.ts';
import { textChoices } from '../../core/generation/text-choices.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import { answerText, type TextParts } from '../generation/answer-text.ts';
import type { TextWriter } from '../generation/text-plan.ts';
import type { HttpRequest, HttpResponse } from '../http-message.ts';
import { roundedMs } from '../rounded-ms.ts';
import { readTextItems } from './read-text-items.ts';

/** What a model with the task text-generation goes on with texts by: `{"generated_text": …}` of each. */
export function predictText(
  parts: TextParts,
  request: HttpRequest,
  chosen: ChosenVersion,
  exchange?: ExchangeAccess,
): Promise<HttpResponse> {
  const { clock } = parts;
  const { version } = chosen;
  const received = clock.now();
  return answerText(parts, request, chosen, async (model, signal) => {
    const asked = await readTextItems(request, exchange, signal);
    const prompts = await promptsTokens(model, asked.prompts, signal);
    const begun = clock.now();
    const whole: TextWriter['whole'] = (texts) => ({
      model: version.name,
      version: String(version.version),
      task: 'text-generation',
      predictions: texts.map(({ text }, index) => ({
        generated_text: asked.isFull ? `${asked.prompts[index]}${text}` : text,
      })),
      timings_ms: {
        input: roundedMs(begun - received),
        infer: roundedMs(clock.now() - begun),
        total: roundedMs(clock.now() - received),
      },
    });
    return {
      choices: textChoices(model, prompts, { ...asked, logprobs: undefined, n: 1 }),
      promptTokens: prompts.reduce((sum, prompt) => sum + prompt.length, 0),
      isStreamed: false,
      writer: { whole, piece: () => [], end: () => [] },
    };
  });
}
