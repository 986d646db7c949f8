import type { LateConstraint } from '../../ports/token-constraint.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import type { LanguageModel } from '../generation/language-model.ts';
import { inTurns } from '../pace/in-turns.ts';
import type { Steps } from '../pace/steps.ts';
import { JsonConstraints } from './json-constraints.ts';

const ofTokenizers = new WeakMap<Tokenizer, JsonConstraints>();

/**
 * Holds one answer of a model to JSON: an object of any kind, or what follows a schema.
 *
 * @param maxTokens tokens that the answer may have, the one that ends it included: as they run out, the text is brought
 *   to its end
 *
 * What is long of it is done in turns with others. Rejects with ServiceError 400 where the model's tokenizer cannot be
 * held to JSON, and for a schema that is wrong, that has a keyword which cannot be held to, or that no JSON can follow;
 * the message names the place.
 */
export function constrainToJson(
  model: Pick<LanguageModel, 'tokenizer' | 'endTokens'>,
  maxTokens: number,
  schema?: unknown,
): Promise<LateConstraint> {
  return inTurns(constraintOf(model, maxTokens, schema));
}

function* constraintOf(
  { tokenizer, endTokens }: Pick<LanguageModel, 'tokenizer' | 'endTokens'>,
  maxTokens: number,
  schema: unknown,
): Steps<LateConstraint> {
  let constraints = ofTokenizers.get(tokenizer);
  if (constraints === undefined) {
    constraints = yield* JsonConstraints.open(tokenizer, endTokens);
    ofTokenizers.set(tokenizer, constraints);
  }
  return yield* constraints.constrain(maxTokens, schema);
}
