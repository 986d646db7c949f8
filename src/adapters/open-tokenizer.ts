import type { TextParts, Tokenizer } from '../ports/tokenizer.ts';
import { solidBytes, type TokenForms } from './solid-bytes.ts';
import { type TokenBytesFile, tokenBytes } from './token-bytes.ts';

/** The parts of a tokenizer.json that are read here; the package reads the rest. */
type TokenizerFile = TokenForms &
  TokenBytesFile & {
    readonly truncation?: { readonly max_length?: number } | null;
  };

const readable = { skip_special_tokens: true, clean_up_tokenization_spaces: false };

/**
 * A tokenizer from the text of a tokenizer.json, by Hugging Face's own package. Rejects with an Error for what is none.
 */
export async function openTokenizer(json: string): Promise<Tokenizer> {
  const { Tokenizer: Tokens } = await import('@huggingface/tokenizers');
  const file = parsed(json);
  const tokens = opened(() => new Tokens(file, {}));
  const bytesOf = solidBytes(file);
  const unknown = file.model?.unk_token ?? undefined;
  // What stands for a word that there is no token for; none of its kind has none.
  const unknownId = unknown === undefined ? undefined : tokens.get_vocab().get(unknown);
  const added = new Set([...tokens.get_added_tokens_decoder().values()].map(({ content }) => content));
  if (unknown !== undefined) added.delete(unknown);
  const isToken = (token: string) =>
    unknownId !== undefined || added.has(token) || tokens.token_to_id(token) !== undefined;
  const normalized = (text: string) => tokens.normalizer?.(text) ?? text;
  return {
    maxTokens: file.truncation?.max_length,
    vocabulary: tokens.get_vocab().size,
    encode: (text, isWhole, pair) => {
      const { ids, token_type_ids: types } = tokens.encode(text, {
        // The package takes an empty text for none.
        text_pair: pair === '' ? ' ' : (pair ?? null),
        add_special_tokens: isWhole,
        return_token_type_ids: true,
      });
      // Without what goes around texts the package says nothing of them.
      const typeIds: number[] = types ?? ids.map(() => 0);
      if (!ids.includes(undefined as unknown as number)) return { ids, typeIds };
      const known = ids.map((id: number | undefined) => id ?? unknownId);
      const isThere = (_value: unknown, index: number) => known[index] !== undefined;
      return { ids: known.filter(isThere) as number[], typeIds: typeIds.filter(isThere) };
    },
    parts: (text): TextParts => ({
      pieces: tokens
        .tokenize(text)
        .filter(isToken)
        .map((token: string) => {
          // One that has its own name in a text, such as [MASK].
          if (added.has(token)) return bytesOf.text(normalized(token));
          return token === unknown ? undefined : bytesOf.token(token);
        }),
      normalize: (part) => bytesOf.text(normalized(part)),
      words: () => {
        const whole = normalized(text);
        const words: readonly string[] = tokens.pre_tokenizer?.(whole) ?? [whole];
        return words.map((word) => bytesOf.token(word).length);
      },
    }),
    token: (id) => tokens.id_to_token(id) ?? '',
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
