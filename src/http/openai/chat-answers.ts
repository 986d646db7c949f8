import { CallOrAnswer } from '../../core/generation/call-or-answer.ts';
import type { CallPlace } from '../../core/generation/call-place.ts';
import type { LanguageModel } from '../../core/generation/language-model.ts';
import { OptionalCall } from '../../core/generation/optional-call.ts';
import type { LateConstraint, TokenConstraint } from '../../ports/token-constraint.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { callSchema } from './call-schema.ts';
import type { ChatRequest } from './read-chat-request.ts';
import type { Tool } from './read-tools.ts';

/**
 * What holds a text of so many tokens at most to a JSON schema. Rejects with 400 for one that is none, or that cannot
 * be held to.
 */
export type OpenJsonConstraint = (schema: object, model: LanguageModel, maxTokens: number) => Promise<LateConstraint>;

/**
 * What each answer to a conversation must follow: a schema, a call's grammar, either of them, or a call's where it
 * begins one.
 */
export class ChatAnswers {
  readonly #model: LanguageModel;
  readonly #asked: Pick<ChatRequest, 'schema' | 'tools'>;
  readonly #open: OpenJsonConstraint;
  /** By their place. */
  readonly #optional = new Map<number, OptionalCall | CallOrAnswer>();

  constructor(model: LanguageModel, asked: Pick<ChatRequest, 'schema' | 'tools'>, open: OpenJsonConstraint) {
    this.#model = model;
    this.#asked = asked;
    this.#open = open;
  }

  async open(choice: number, maxTokens: number): Promise<TokenConstraint | undefined> {
    const { schema, tools } = this.#asked;
    if (tools.callable.length === 0) return schema && this.#openSchema(schema, maxTokens);
    if (tools.isRequired) return this.#openCall(maxTokens);
    const optional = schema
      ? await this.#openEither(schema, maxTokens)
      : new OptionalCall(await this.#openCall(maxTokens), this.#model.tokenizer);
    this.#optional.set(choice, optional);
    return optional;
  }

  async #openEither(schema: object, maxTokens: number): Promise<CallOrAnswer> {
    const call = await this.#openCall(maxTokens);
    try {
      return new CallOrAnswer(call, await this.#openSchema(schema, maxTokens));
    } catch (error) {
      call.release();
      throw error;
    }
  }

  async #openSchema(schema: object, maxTokens: number): Promise<TokenConstraint> {
    try {
      return await this.#open(schema, this.#model, maxTokens);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError(error.status, error.message, { field: 'response_format', cause: error });
    }
  }

  /** What is wrong with a tool's schema is told by the tool, not by its place among all calls. */
  async #openCall(maxTokens: number): Promise<LateConstraint> {
    const { callable, told } = this.#asked.tools;
    try {
      return await this.#open(callSchema(callable), this.#model, maxTokens);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const message = error.message
        .replace(/#(?:\/anyOf\/(\d+))?\/properties\/arguments/g, (_, choice = 0) => {
          return `tools[${told.indexOf(callable[choice] as Tool)}].function.parameters`;
        })
        .replace(': # ', ': tools ');
      const [field = 'tools'] = /tools\[\d+\]\.function\.parameters/.exec(message) ?? [];
      throw new ServiceError(error.status, message, { field, cause: error });
    }
  }

  /** Where an answer that was begun calls a tool; undefined: not known yet. */
  callIn(choice: number): CallPlace | undefined {
    const { tools } = this.#asked;
    if (tools.callable.length === 0) return 'none';
    return tools.isRequired ? 'whole' : this.#optional.get(choice)?.place;
  }
}
