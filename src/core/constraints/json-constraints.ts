import type { LateConstraint } from '../../ports/token-constraint.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Steps } from '../pace/steps.ts';
import { Expressions } from './expressions.ts';
import { rule } from './forms.ts';
import type { Grammar } from './grammar.ts';
import { anyJson, wholeText } from './json-text.ts';
import { Masks } from './masks.ts';
import { schemaGrammar } from './schema/schema-grammar.ts';
import { shortestOf } from './shortest-of.ts';
import { TextConstraint } from './text-constraint.ts';
import { plantVocabulary, type Vocabulary } from './vocabulary.ts';

interface Prepared {
  readonly expressions: Expressions;
  readonly masks: Masks;
}

/** Grammars that a tokenizer keeps ready, and states of all of them; a state takes about a kilobyte. */
const maxGrammars = 16;
const maxStates = 50_000;
const maxSchemaLength = 256 * 1024;
const maxNesting = 100;

/**
 * Holds texts to JSON: made once for each tokenizer, it keeps what belongs to its vocabulary, and to the schemas used
 * last.
 */
export class JsonConstraints {
  readonly #vocabulary: Vocabulary;
  readonly #endTokens: readonly number[];
  readonly #prepared = new Map<string, Prepared>();

  private constructor(vocabulary: Vocabulary, endTokens: readonly number[]) {
    this.#vocabulary = vocabulary;
    this.#endTokens = endTokens;
  }

  /**
   * @param endTokens those that end a text
   *
   * Throws ServiceError 400 where the tokenizer has not a token for each byte of JSON, or none ends a text, so that
   * nothing could be promised.
   */
  static *open(tokenizer: Pick<Tokenizer, 'tokenBytes'>, endTokens: readonly number[]): Steps<JsonConstraints> {
    if (endTokens.length === 0)
      throw refused('no token is known to end a text (eos_token_id of generation_config.json)');
    const vocabulary = yield* plantVocabulary(bytesOf(tokenizer), Math.max(0, ...endTokens));
    return new JsonConstraints(vocabulary, endTokens);
  }

  /**
   * @param maxTokens tokens that the text may have, the one that ends it included
   * @param schema a JSON schema; without one, the text is an object of any kind
   *
   * Throws ServiceError 400 for a schema that texts cannot be held to.
   */
  *constrain(maxTokens: number, schema?: unknown): Steps<LateConstraint> {
    const { expressions, masks } =
      schema === undefined
        ? yield* this.#prepare('', anyObject)
        : yield* this.#prepare(schemaText(schema), () => schemaGrammar(schema));
    const [vocabulary, endTokens] = [this.#vocabulary, this.#endTokens];
    return new TextConstraint({ expressions, masks, vocabulary, endTokens, maxTokens });
  }

  *#prepare(key: string, grammar: () => Steps<Grammar>): Steps<Prepared> {
    let prepared = this.#prepared.get(key);
    this.#prepared.delete(key);
    if (prepared === undefined || prepared.expressions.size > maxStates / 2) {
      const expressions = new Expressions(yield* grammar());
      prepared = { expressions, masks: new Masks(expressions, this.#vocabulary) };
    }
    this.#prepared.set(key, prepared);
    this.#leaveOldest();
    return prepared;
  }

  /** Those that are in use live on until their texts are done. */
  #leaveOldest(): void {
    let states = [...this.#prepared.values()].reduce((sum, { expressions }) => sum + expressions.size, 0);
    for (const [oldest, { expressions }] of this.#prepared) {
      if (this.#prepared.size === 1 || (this.#prepared.size <= maxGrammars && states <= maxStates)) return;
      this.#prepared.delete(oldest);
      states -= expressions.size;
    }
  }
}

function* anyObject(): Steps<Grammar> {
  return { root: wholeText(rule('any object')), rules: anyJson, shortest: yield* shortestOf(anyJson) };
}

function refused(why: string): ServiceError {
  return new ServiceError(400, `this model's answers cannot be held to JSON: ${why}`);
}

function bytesOf(tokenizer: Pick<Tokenizer, 'tokenBytes'>): readonly (Uint8Array | undefined)[] {
  let tokens: readonly (Uint8Array | undefined)[];
  try {
    tokens = tokenizer.tokenBytes();
  } catch (cause) {
    throw refused((cause as Error).message);
  }
  const alone = new Set(tokens.map((bytes) => (bytes?.length === 1 ? bytes[0] : undefined)));
  // Those that JSON in UTF-8 is made of, line breaks and tabs aside, which need not come.
  for (let byte = 0x20; byte <= 0xf4; byte += 1) {
    if (byte === 0x7f || byte === 0xc0 || byte === 0xc1 || alone.has(byte)) continue;
    throw refused(`its tokenizer has no token for the byte 0x${byte.toString(16)} alone`);
  }
  return tokens;
}

/** The schema as text, which is its key. */
function schemaText(schema: unknown): string {
  checkNesting(schema, maxNesting);
  const text = JSON.stringify(schema) ?? '';
  if (text.length <= maxSchemaLength) return text;
  throw new ServiceError(400, `the JSON schema has ${text.length} characters; expected at most ${maxSchemaLength}`);
}

function checkNesting(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw new ServiceError(400, `the JSON schema is nested more than ${maxNesting} deep`);
  for (const part of Object.values(value)) checkNesting(part, left - 1);
}
