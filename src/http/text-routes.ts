import type { OpenChatTemplate } from '../core/generation/chat-prompt.ts';
import { generateRoute } from './generate/generate-route.ts';
import type { TextParts } from './generation/answer-text.ts';
import { chatRoute } from './openai/chat-route.ts';
import { completionsRoute } from './openai/completions-route.ts';
import { openJsonConstraint } from './openai/open-json-constraint.ts';
import type { Route } from './router.ts';

/** Routes of language models: OpenAI's, and Triton's generate extension. */
export function textRoutes(parts: TextParts, openChatTemplate: OpenChatTemplate): readonly Route[] {
  const generate = generateRoute(parts, false);
  const generateStream = generateRoute(parts, true);
  return [
    ['POST', '/v1/completions', 'infer', completionsRoute(parts)],
    ['POST', '/v1/chat/completions', 'infer', chatRoute({ ...parts, openChatTemplate, openJsonConstraint })],
    ['POST', '/v2/models/:model/generate', 'infer', generate],
    ['POST', '/v2/models/:model/generate_stream', 'infer', generateStream],
    ['POST', '/v2/models/:model/versions/:version/generate', 'infer', generate],
    ['POST', '/v2/models/:model/versions/:version/generate_stream', 'infer', generateStream],
  ];
}
