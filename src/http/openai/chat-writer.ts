import { callMark } from '../../core/generation/call-mark.ts';
import type { WholeText } from '../../core/generation/collect-texts.ts';
import type { TextPiece, TextToken } from '../../core/generation/generate-text.ts';
import type { TextUsage, TextWriter } from '../generation/text-plan.ts';
import { type BytesOf, chatLogprobs } from './chat-logprobs.ts';
import { finishReason } from './finish-reason.ts';
import { type StreamOptions, type TextFrame, usageOf } from './text-frame.ts';
import { ToolCallText } from './tool-call-text.ts';

export interface ChatOptions extends StreamOptions {
  /** Probabilities are told, with the bytes of tokens; undefined: they are not. */
  readonly logprobs: BytesOf | undefined;
  /** Whether a choice, of which there is a token, calls a tool; undefined: not known yet. */
  readonly isCall: (choice: number) => boolean | undefined;
}

/** Writes the answers of `/v1/chat/completions`. */
export class ChatWriter implements TextWriter {
  readonly #frame: TextFrame;
  readonly #options: ChatOptions;
  /** Of choices of which a piece was written: the call, or that it is none. */
  readonly #begun = new Map<number, ToolCallText | 'text'>();
  /** What there is of choices of which it is not known yet. */
  readonly #held = new Map<number, TextPiece>();

  constructor(frame: TextFrame, options: ChatOptions) {
    this.#frame = frame;
    this.#options = options;
  }

  whole(texts: readonly WholeText[], usage: TextUsage): object {
    const choices = texts.map(({ text, tokens, finish }, index) => {
      const isCall = this.#options.isCall(index);
      const call = isCall ? this.#callOf(index, text) : undefined;
      return {
        index,
        message: {
          role: 'assistant',
          // Of a call that was cut before its arguments there is nothing to tell.
          content: isCall ? null : spoken(text, isCall),
          refusal: null,
          ...(call && { tool_calls: [call] }),
        },
        logprobs: this.#logprobs(tokens),
        finish_reason: call && finish !== 'length' ? 'tool_calls' : finishReason(finish),
      };
    });
    return { ...this.#frame, object: 'chat.completion', choices, usage: usageOf(usage) };
  }

  piece(index: number, piece: TextPiece): readonly object[] {
    const known = this.#begun.get(index);
    if (known) return this.#write(index, known, piece, undefined);
    const held = this.#held.get(index);
    const whole = held ? { ...piece, text: held.text + piece.text, tokens: [...held.tokens, ...piece.tokens] } : piece;
    const isCall = this.#options.isCall(index);
    if (isCall === undefined && !piece.finish) {
      this.#held.set(index, whole);
      return [];
    }
    const begun = isCall ? new ToolCallText() : 'text';
    this.#begun.set(index, begun);
    const told = isCall ? whole : { ...whole, text: spoken(whole.text, isCall) };
    return this.#write(index, begun, told, { role: 'assistant', content: isCall ? null : '' });
  }

  end(usage: TextUsage): readonly (object | string)[] {
    const last = { ...this.#frame, object: 'chat.completion.chunk', choices: [], usage: usageOf(usage) };
    return [...(this.#options.includeUsage ? [last] : []), '[DONE]'];
  }

  #write(index: number, begun: ToolCallText | 'text', piece: TextPiece, role: object | undefined): readonly object[] {
    const { text, tokens, finish } = piece;
    const logprobs = tokens.length > 0 ? this.#logprobs(tokens) : null;
    const delta = begun === 'text' ? textDelta(text) : this.#callDelta(index, begun, piece);
    const chunks: object[] = [];
    if (role || delta || logprobs)
      chunks.push(this.#chunk({ index, delta: { ...role, ...delta }, logprobs, finish_reason: null }));
    if (!finish) return chunks;
    const reason = begun !== 'text' && finish !== 'length' ? 'tool_calls' : finishReason(finish);
    return [...chunks, this.#chunk({ index, delta: {}, logprobs: null, finish_reason: reason })];
  }

  #logprobs(tokens: readonly TextToken[]): object | null {
    const { logprobs } = this.#options;
    return logprobs ? chatLogprobs(tokens, logprobs) : null;
  }

  #chunk(choice: object): object {
    const { includeUsage } = this.#options;
    return {
      ...this.#frame,
      object: 'chat.completion.chunk',
      choices: [choice],
      ...(includeUsage && { usage: null }),
    };
  }

  /** The call that a text is; undefined: it was cut before it said of what. */
  #callOf(index: number, text: string): object | undefined {
    const reader = new ToolCallText();
    const { name, arguments: first = '' } = reader.push(text) ?? {};
    if (name === undefined) return undefined;
    return { id: this.#callId(index), type: 'function', function: { name, arguments: first + reader.end() } };
  }

  #callDelta(index: number, call: ToolCallText, { text, finish }: TextPiece): object | undefined {
    const { name, arguments: first = '' } = call.push(text) ?? {};
    const all = first + (finish ? call.end() : '');
    if (name === undefined && all === '') return undefined;
    const header = name === undefined ? {} : { id: this.#callId(index), type: 'function' };
    return {
      tool_calls: [{ index: 0, ...header, function: { ...(name !== undefined && { name }), arguments: all } }],
    };
  }

  #callId(index: number): string {
    return `call_${this.#frame.id.replace(/^chatcmpl-/, '')}-${index}`;
  }
}

/**
 * The text of an answer that is no call. One that ended before it was known whether it is, behind the mark of a call,
 * says nothing.
 */
function spoken(text: string, isCall: false | undefined): string {
  return isCall === undefined && text.includes(callMark) ? '' : text;
}

function textDelta(text: string): object | undefined {
  return text === '' ? undefined : { content: text };
}
