import type { Encoding } from 'tokenizers';
import { Slots } from '../core/slots.ts';
import type { EncodedText, Tokenizer } from '../ports/tokenizer.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { type TokenBytesFile, tokenBytes } from './token-bytes.ts';

/** The parts of a tokenizer.json that are read here; the package reads the rest. */
type TokenizerFile = TokenBytesFile & {
  readonly truncation?: { readonly max_length?: number } | null;
};

/** Characters whose tokens are found within some milliseconds. */
const shortText = 16_384;
/** Longer texts have one thread, one after the other, so that runs keep the others. */
const longTexts = new Slots(1);

/**
 * A tokenizer from the text of a tokenizer.json, by Hugging Face's own library. Rejects with an Error for what is none.
 */
export async function openTokenizer(json: string): Promise<Tokenizer> {
  const { Tokenizer: Tokens } = await import('tokenizers');
  // The vocabulary is in the library's memory alone.
  const { added_tokens, decoder: decoding, truncation } = parsed(json);
  const tokens = opened(() => Tokens.fromString(json));
  // Texts are cut where it is known what they are for, and requests are not padded.
  tokens.disableTruncation();
  tokens.disablePadding();
  const decoder = tokens.getDecoder();
  const special = new Set(added_tokens?.filter((token) => token.special).map(({ id }) => id));
  return {
    maxTokens: truncation?.max_length,
    vocabulary: tokens.getVocabSize(true),
    encode: (text, isWhole, pair) => {
      const encoded = async () => encodedText(await tokens.encode(text, pair, { addSpecialTokens: isWhole }));
      const found = text.length + (pair?.length ?? 0) > shortText ? longTexts.run(encoded) : encoded();
      return found.catch((error: Error) => {
        throw new ServiceError(400, `the text has no tokens: ${error.message}`);
      });
    },
    token: (id) => tokens.idToToken(id) ?? '',
    decode: (ids) => {
      const texts = ids.flatMap((id) => (special.has(id) ? [] : (tokens.idToToken(id) ?? [])));
      return decoder ? decoder.decode(texts) : texts.join(' ');
    },
    tokenBytes: () => tokenBytes({ added_tokens, decoder: decoding }, tokens.getVocab(false)),
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
    places: () => {
      const offsets = encoding.getOffsets();
      return encoding.getSequenceIds().map((text, at) => {
        const [start = 0, end = start] = offsets[at] ?? [];
        return text === undefined || text === null ? undefined : { text, start, end };
      });
    },
  };
}
