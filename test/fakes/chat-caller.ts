import type { LanguageModel } from '../../src/core/generation/language-model.ts';
import { type ChatParts, chatRoute } from '../../src/http/openai/chat-route.ts';
import type { LateConstraint } from '../../src/ports/token-constraint.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { FakeLanguageModel } from './fake-language-model.ts';
import { type Answered, readAnswer, TextService } from './text-service.ts';

const template =
  '{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}{% endfor %}{% if tools %}{{ tools | length }} tools{% endif %}{% if add_generation_prompt %}[assistant]{% endif %}';

/** The usual settings of the model's tokenizer: a template that writes roles and messages. */
export const chatConfig = { chat_template: template, bos_token: '<s>' };

/** Lets pass what begins with a brace, and keeps what it was asked for. */
class Braces implements LateConstraint {
  readonly accepted: number[] = [];
  isReleased = false;

  allowed(): Uint32Array {
    const words = new Uint32Array(9);
    words[0x7b >>> 5] = 1 << (0x7b & 31);
    return words;
  }

  accept(token: number): void {
    this.accepted.push(token);
  }

  begin(bytes: Uint8Array): boolean {
    return bytes.every((byte) => byte === 0x7b);
  }

  release(): void {
    this.isReleased = true;
  }
}

/**
 * Asks `/v1/chat/completions` over a model that always says `answer`; with null its tokenizer has no settings. A schema
 * with `broken` is refused; others hold to nothing, and are kept.
 */
export class ChatCaller {
  readonly schemas: object[] = [];
  readonly constraints: Braces[] = [];
  readonly model: FakeLanguageModel;
  readonly #service: TextService;

  constructor(
    answer: string,
    tokenizerConfig: LanguageModel['tokenizerConfig'] | null = chatConfig,
    openJsonConstraint?: ChatParts['openJsonConstraint'],
  ) {
    this.model = new FakeLanguageModel(() => answer, tokenizerConfig ? { config: tokenizerConfig } : {});
    const keep: ChatParts['openJsonConstraint'] = async (schema, _, maxTokens) => {
      if ('broken' in schema) throw new ServiceError(400, 'the schema is none');
      this.schemas.push({ schema, maxTokens });
      const constraint = new Braces();
      this.constraints.push(constraint);
      return constraint;
    };
    this.#service = new TextService(this.model, openJsonConstraint ?? keep);
  }

  readonly ask = async (body: object): Promise<Answered> => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const handler = chatRoute(this.#service.parts);
    return readAnswer(await this.#service.send(handler, '/v1/chat/completions', { model: 'm', messages, ...body }));
  };
}

/** The choices of an answer that streams, event by event. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into them
export function choicesOf({ events }: Answered): readonly any[] {
  return events.slice(0, -1).map((event) => event.choices[0]);
}
