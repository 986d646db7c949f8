import { beginningAtEnd } from '../../core/generation/beginning-at-end.ts';
import { callMark } from '../../core/generation/call-mark.ts';
import type { CallPlace } from '../../core/generation/call-place.ts';
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
  /** Where a choice, of which there is a token, calls a tool; undefined: not known yet. */
  readonly callIn: (choice: number) => CallPlace | undefined;
}

/** Writes the answers of `/v1/chat/completions`. */
export class ChatWriter implements TextWriter {
  readonly #frame: TextFrame;
  readonly #options: ChatOptions;
  /** Choices of which a piece was written. */
  readonly #begun = new Set<number>();
  /** Calls that have begun. */
  readonly #calls = new Map<number, ToolCallText>();
  /** What there is of choices that is not written yet: it may be a call, or the beginning of its mark. */
  readonly #held = new Map<number, TextPiece>();

  constructor(frame: TextFrame, options: ChatOptions) {
    this.#frame = frame;
    this.#options = options;
  }

  whole(texts: readonly WholeText[], usage: TextUsage): object {
    const choices = texts.map(({ text, tokens, finish }, index) => {
      const parts = this.#parted(index, text);
      const call = parts.call === undefined ? undefined : this.#callOf(parts.call);
      return {
        index,
        message: {
          role: 'assistant',
          // Of a call that was cut before its arguments there is nothing to tell.
          content: parts.call === undefined ? text : spoken(parts.words),
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
    const known = this.#calls.get(index);
    if (known) return this.#write(index, piece, this.#callDelta(known, piece));
    const whole = joined(this.#held.get(index), piece);
    this.#held.delete(index);
    const { words, call } = this.#parted(index, whole.text);
    if (call === undefined) return this.#writeWords(index, whole);
    const begun = new ToolCallText();
    this.#calls.set(index, begun);
    const content = this.#begun.has(index) ? words || undefined : spoken(words);
    const delta = this.#callDelta(begun, { ...whole, text: call });
    return this.#write(index, whole, content === undefined ? delta : { content, ...delta });
  }

  end(usage: TextUsage): readonly (object | string)[] {
    const last = { ...this.#frame, object: 'chat.completion.chunk', choices: [], usage: usageOf(usage) };
    return [...(this.#options.includeUsage ? [last] : []), '[DONE]'];
  }

  /** Words, but for what may yet be a call or the mark in front of it. */
  #writeWords(index: number, whole: TextPiece): readonly object[] {
    const { text, finish } = whole;
    const place = finish ? 'none' : this.#options.callIn(index);
    const end = place === 'behind words' ? text.length - beginningAtEnd(text, callMark) : text.length;
    const content = text.slice(0, end);
    const mayBeBlank = place === 'none' || this.#begun.has(index);
    if (place === undefined || (!mayBeBlank && content.trim() === '')) {
      this.#held.set(index, whole);
      return [];
    }
    if (end < text.length) this.#held.set(index, { text: text.slice(end), tokens: [] });
    const isFirst = !this.#begun.has(index);
    return this.#write(index, whole, isFirst || content !== '' ? { content } : undefined);
  }

  #write(index: number, { tokens, finish }: TextPiece, delta: object | undefined): readonly object[] {
    const logprobs = tokens.length > 0 ? this.#logprobs(tokens) : null;
    const role = this.#begun.has(index) ? undefined : { role: 'assistant' };
    this.#begun.add(index);
    const chunks: object[] = [];
    if (role || delta || logprobs)
      chunks.push(this.#chunk({ index, delta: { ...role, ...delta }, logprobs, finish_reason: null }));
    if (!finish) return chunks;
    const reason = this.#calls.has(index) && finish !== 'length' ? 'tool_calls' : finishReason(finish);
    return [...chunks, this.#chunk({ index, delta: {}, logprobs: null, finish_reason: reason })];
  }

  /** What is said of a text, and the call in it, with its mark; undefined: there is none yet. */
  #parted(index: number, text: string): { readonly words: string; readonly call?: string } {
    const place = this.#options.callIn(index);
    if (place === 'whole') return { words: '', call: text };
    const at = place === 'behind words' ? text.indexOf(callMark) : -1;
    return at === -1 ? { words: text } : { words: text.slice(0, at), call: text.slice(at) };
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
  #callOf(text: string): object | undefined {
    const reader = new ToolCallText();
    const { name, arguments: first = '' } = reader.push(text) ?? {};
    if (name === undefined) return undefined;
    return { id: newCallId(), type: 'function', function: { name, arguments: first + reader.end() } };
  }

  #callDelta(call: ToolCallText, { text, finish }: TextPiece): object | undefined {
    const { name, arguments: first = '' } = call.push(text) ?? {};
    const all = first + (finish ? call.end() : '');
    if (name === undefined && all === '') return undefined;
    const header = name === undefined ? {} : { id: newCallId(), type: 'function' };
    return {
      tool_calls: [{ index: 0, ...header, function: { ...(name !== undefined && { name }), arguments: all } }],
    };
  }
}

/** Nine letters and digits: chat templates of Mistral's models refuse a call with any other id. */
function newCallId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 9);
}

function joined(held: TextPiece | undefined, piece: TextPiece): TextPiece {
  return held ? { ...piece, text: held.text + piece.text, tokens: [...held.tokens, ...piece.tokens] } : piece;
}

/** The words before a call, as a message has them. */
function spoken(words: string): string | null {
  return words.trim() === '' ? null : words;
}
