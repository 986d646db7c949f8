import type { Encoding } from 'tokenizers';
import type { EncodedText, Tokenizer } from '../ports/tokenizer.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { type TokenBytesFile, tokenBytes } from './token-bytes.ts';

/** The parts of a tokenizer.json that are read here; the package reads the rest. */
interface TokenizerFile {
  readonly truncation?: { readonly max_length?: number } | null;
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special?: boolean }[];
  readonly decoder?: TokenBytesFile['decoder'];
  readonly padding?: { readonly pad_id?: number } | null;
  readonly model?: {
    readonly vocab?: Readonly<Record<string, unknown>> | readonly unknown[];
    /** By its name, or of Unigram by its number. */
    readonly unk_token?: string | null;
    readonly unk_id?: number | null;
  };
}

/**
 * A tokenizer from the text of a tokenizer.json, by Hugging Face's own library. Rejects with an Error for what is none.
 */
export async function openTokenizer(json: string): Promise<Tokenizer> {
  const { Tokenizer: Tokens } = await import('tokenizers');
  // The vocabulary stays in the library's memory alone.
  const { added_tokens = [], decoder: decoding, truncation, padding, model } = parsed(json);
  const tokens = opened(() => Tokens.fromString(json));
  // Texts are cut where it is known what they are for, and requests are not padded.
  tokens.disableTruncation();
  tokens.disablePadding();
  const decoder = tokens.getDecoder();
  // The library numbers those anew whose numbers do not go on from the vocabulary's.
  const added = added_tokens.map((token) => ({ ...token, id: tokens.tokenToId(token.content) ?? token.id }));
  const special = new Set(added.filter((token) => token.special).map(({ id }) => id));
  // A vocabulary with numbers may leave some out; one that is a list of pairs has none.
  const numbers = Object.values(model?.vocab ?? {}).filter((id) => typeof id === 'number');
  const vocabulary = [...numbers, ...added.map(({ id }) => id)].reduce(
    (end, id) => Math.max(end, id + 1),
    tokens.getVocabSize(true),
  );
  const join = (texts: readonly string[]) => (decoder ? decoder.decode([...texts]) : texts.join(' '));
  return {
    maxTokens: truncation?.max_length,
    vocabulary,
    unknown: model?.unk_id ?? (model?.unk_token ? (tokens.tokenToId(model.unk_token) ?? undefined) : undefined),
    padding: padding?.pad_id,
    encode: async (text, isWhole, pair) => {
      const encoding = await tokens.encode(text, pair, { addSpecialTokens: isWhole }).catch((error: Error) => {
        throw new ServiceError(400, `the text has no tokens: ${error.message}`);
      });
      return encodedText(encoding);
    },
    token: (id) => tokens.idToToken(id) ?? '',
    join,
    decode: (ids) => join(ids.flatMap((id) => (special.has(id) ? [] : (tokens.idToToken(id) ?? [])))),
    tokenBytes: () => tokenBytes({ added_tokens: added, decoder: decoding }, tokens.getVocab(false)),
  };
}

function parsed(json: string): TokenizerFile {
  const file = opened(() => JSON.parse(json));
  if (typeof file === 'object' && file !== null) return file;
  throw new Error('tokenizer.json: expected an object, as Hugging Face has it');
}

function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new Error(`tokenizer.json cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/** What is asked of an encoding of the library only where it is needed, as each answer is made anew. */
function encodedText(encoding: Encoding): EncodedText {
  return {
    ids: encoding.getIds(),
    typeIds: encoding.getTypeIds(),
    texts: () => encoding.getSequenceIds().map((text) => text ?? undefined),
    placeOf: (at) => {
      const [text, characters] = [encoding.tokenToSequence(at), encoding.tokenToChars(at)];
      return text === null || !characters ? undefined : { text, start: characters[0], end: characters[1] };
    },
  };
}
