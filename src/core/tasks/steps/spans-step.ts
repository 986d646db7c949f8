import type { PostprocessStep } from '../../../ports/task.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { findOutput } from '../find-output.ts';
import type { EncodedItem, ItemOutputs, NamedToken } from '../flow.ts';
import { groupTokens } from '../group-tokens.ts';
import { isScores } from '../is-scores.ts';
import { labelsOf } from '../labels-of.ts';
import { shortNumber } from '../short-number.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { toldNumbers } from '../told-numbers.ts';

/** The class that stands for nothing. */
const nothing = 'O';

/**
 * Words of a text that the model names, by the best class of each of its tokens, as Hugging Face's pipeline gives them:
 * together where their classes go on (`simple`), or each token for itself (`none`). Throws an Error where the model has
 * no such output.
 */
export function spansStep(
  model: TaskModel,
  { output, aggregation = 'simple' }: NonNullable<PostprocessStep['spans']>,
): Step<'outputs', 'prediction'> {
  const isClasses = (each: TensorSpec) => isScores(each) && each.shape.length === 3;
  const what = 'an output of floats [batch, tokens, classes]';
  const { name } = findOutput(model, { step: 'spans', name: output, willDo: isClasses, what });
  return {
    takes: 'outputs',
    gives: 'prediction',
    apply: (outputs) => {
      const { encoded } = outputs;
      if (!encoded) return [];
      const tokens = namedTokens(outputs, name, labelsOf(model.signature, outputs, name), encoded);
      if ((outputs.aggregation ?? aggregation) === 'none') return tokens.filter(({ entity }) => entity !== nothing);
      return groupTokens(tokens, encoded.tokenizer.join).filter((group) => group.entity_group !== nothing);
    },
  };
}

/** The tokens of the text itself, each with its best class. */
function namedTokens(
  outputs: ItemOutputs,
  name: string,
  labels: readonly string[] | undefined,
  { tokenizer, fitted }: EncodedItem,
): readonly NamedToken[] {
  const scores = toldNumbers(outputs, name);
  const classes = outputs.tensors.get(name)?.shape.at(-1) ?? 1;
  const characters = [...fitted.text];
  return fitted.places().flatMap((place, index) => {
    if (place?.text !== 0) return [];
    const row = scores.slice(index * classes, (index + 1) * classes);
    const score = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const best = row.indexOf(score);
    const id = fitted.ids[index] as number;
    const { end } = place;
    // What nobody knows is what the text has there.
    const word = id === tokenizer.unknown ? characters.slice(place.start, end).join('') : tokenizer.token(id);
    let { start } = place;
    // Tokens of some tokenizers begin with the spaces before a word.
    while (start < end && characters[start]?.trim() === '') start += 1;
    return { entity: labels?.[best] ?? String(best), score: shortNumber(score), index, word, start, end };
  });
}
