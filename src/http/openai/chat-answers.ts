import type { LanguageModel } from '../../core/generation/language-model.ts';
import { mostBeforeCall, OptionalCall } from '../../core/generation/optional-call.ts';
import type { TokenConstraint } from '../../ports/token-constraint.ts';
import { callSchema } from './call-schema.ts';
import type { ChatRequest } from './read-chat-request.ts';

/** What holds a text of so many tokens at most to a JSON schema. Rejects with 400 for one that is none, or that cannot be held to. */
export type OpenJsonConstraint = (schema: object, model: LanguageModel, maxTokens: number) => Promise<TokenConstraint>;

/** What each answer to a conversation must follow: a schema, a call's grammar, or either of that and nothing. */
export class ChatAnswers {
  readonly #model: LanguageModel;
  readonly #asked: Pick<ChatRequest, 'schema' | 'tools'>;
  readonly #open: OpenJsonConstraint;
  /** By their place. */
  readonly #optional = new Map<number, OptionalCall>();

  constructor(model: LanguageModel, asked: Pick<ChatRequest, 'schema' | 'tools'>, open: OpenJsonConstraint) {
    this.#model = model;
    this.#asked = asked;
    this.#open = open;
  }

  async open(choice: number, maxTokens: number): Promise<TokenConstraint | undefined> {
    const { schema, tools } = this.#asked;
    if (schema) return this.#open(schema, this.#model, maxTokens);
    if (tools.callable.length === 0) return undefined;
    const call = callSchema(tools.callable);
    if (tools.isRequired) return this.#open(call, this.#model, maxTokens);
    const held = await this.#open(call, this.#model, maxTokens - mostBeforeCall);
    const optional = new OptionalCall(held, this.#model.tokenizer);
    this.#optional.set(choice, optional);
    return optional;
  }

  /** Whether an answer that was begun calls a tool; undefined: not known yet. */
  isCall(choice: number): boolean | undefined {
    const { tools } = this.#asked;
    if (tools.callable.length === 0) return false;
    return tools.isRequired ? true : this.#optional.get(choice)?.isCall;
  }
}
