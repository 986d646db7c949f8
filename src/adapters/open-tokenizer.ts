import type { Tokenizer } from '../ports/tokenizer.ts';
import { type TokenBytesFile, tokenBytes } from './token-bytes.ts';

/** The part of a tokenizer.json that is read here; the package reads the rest. */
interface TokenizerFile extends TokenBytesFile {
  readonly truncation?: { readonly max_length?: number } | null;
}

const readable = { skip_special_tokens: true, clean_up_tokenization_spaces: false };

/** A tokenizer from the text of a tokenizer.json, by Hugging Face's own package. Rejects with an Error for what is none. */
export async function openTokenizer(json: string): Promise<Tokenizer> {
  const { Tokenizer: Tokens } = await import('@huggingface/tokenizers');
  const file = parsed(json);
  const tokens = opened(() => new Tokens(file, {}));
  return {
    maxTokens: file.truncation?.max_length,
    vocabulary: tokens.get_vocab().size,
    encode: (text, isWhole) => {
      const { ids, token_type_ids: typeIds } = tokens.encode(text, {
        add_special_tokens: isWhole,
        return_token_type_ids: true,
      });
      return { ids, typeIds };
    },
    decode: (ids) => (ids.length === 0 ? '' : tokens.decode([...ids], readable)),
    tokenBytes: () => tokenBytes(file),
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
