import type { TokenConstraint } from '../../ports/token-constraint.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import type { LanguageModel } from '../generation/language-model.ts';
import { JsonConstraints } from './json-constraints.ts';

const ofTokenizers = new WeakMap<Tokenizer, JsonConstraints>();

/**
 * Holds one answer of a model to JSON: an object of any kind, or what follows a schema.
 *
 * @param maxTokens tokens that the answer may have, the one that ends it included: as they run out, the text is brought to its end
 *
 * Throws ServiceError 400 where the model's tokenizer cannot be held to JSON, and for a schema that is wrong, that has a keyword
 * which cannot be held to, or that no JSON can follow; the message names the place.
 */
export function constrainToJson(
  { tokenizer, endTokens }: Pick<LanguageModel, 'tokenizer' | 'endTokens'>,
  maxTokens: number,
  schema?: unknown,
): TokenConstraint {
  let constraints = ofTokenizers.get(tokenizer);
  if (constraints === undefined) {
    constraints = new JsonConstraints(tokenizer, endTokens);
    ofTokenizers.set(tokenizer, constraints);
  }
  return constraints.constrain(maxTokens, schema);
}
