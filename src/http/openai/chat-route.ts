import { bytesOfToken } from '../../core/generation/bytes-of-token.ts';
import { chatPrompt, type OpenChatTemplate } from '../../core/generation/chat-prompt.ts';
import { textChoices } from '../../core/generation/text-choices.ts';
import { answerText, type TextParts } from '../generation/answer-text.ts';
import { jsonBody } from '../json-body.ts';
import type { Handler } from '../router.ts';
import { ChatAnswers, type OpenJsonConstraint } from './chat-answers.ts';
import { ChatWriter } from './chat-writer.ts';
import { modelOf } from './model-of.ts';
import { nameIn } from './name-in.ts';
import { readChatRequest } from './read-chat-request.ts';
import { frameOf } from './text-frame.ts';

export interface ChatParts extends TextParts {
  readonly openChatTemplate: OpenChatTemplate;
  readonly openJsonConstraint: OpenJsonConstraint;
}

/**
 * `POST /v1/chat/completions`, in OpenAI's shapes: answers to a conversation, which is written by the model's own
 * template; JSON that follows a schema, or calls of tools, where they are wanted.
 */
export function chatRoute(parts: ChatParts): Handler {
  return async (request) => {
    const asked = readChatRequest(jsonBody(request));
    request.caller?.check('infer', nameIn(asked.model));
    const chosen = modelOf(parts.dataPlane.releases, asked.model, request);
    const { version } = chosen;
    return answerText(parts, request, chosen, async (model, signal) => {
      const { messages, tools, stream, logprobs } = asked;
      const conversation = { messages, tools: tools.told.map(({ given }) => given) };
      const open = (source: string) => parts.openChatTemplate(source, version.label);
      const prompt = await chatPrompt(model, conversation, open, signal);
      const answers = new ChatAnswers(model, asked, parts.openJsonConstraint);
      const frame = frameOf(`chatcmpl-${request.requestId}`, asked.model, version);
      return {
        choices: textChoices(model, [prompt], asked, (choice, maxTokens) => answers.open(choice, maxTokens)),
        promptTokens: prompt.length,
        isStreamed: stream.isStreamed,
        writer: new ChatWriter(frame, {
          includeUsage: stream.includeUsage,
          logprobs: logprobs === undefined ? undefined : (token) => bytesOfToken(model.tokenizer, token),
          callIn: (choice) => answers.callIn(choice),
        }),
      };
    });
  };
}
