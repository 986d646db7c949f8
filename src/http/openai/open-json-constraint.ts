import type { OpenJsonConstraint } from './chat-answers.ts';

/** Loaded where an answer is first held to JSON: few are. */
export const openJsonConstraint: OpenJsonConstraint = async (schema, model, maxTokens) => {
  const { constrainToJson } = await import('../../core/constraints/constrain-to-json.ts');
  return constrainToJson(model, maxTokens, schema);
};
