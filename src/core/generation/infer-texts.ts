import { failureAt } from '../../protocol/failure-at.ts';
import type { InferenceRequest, InferenceResponse, InputTensor } from '../../protocol/inference.ts';
import { textOfBytes } from '../../protocol/text-of-bytes.ts';
import { countTokens } from '../count-tokens.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { itemElements } from '../tasks/item-elements.ts';
import { textInput } from '../tasks/item-input.ts';
import { predictionTensor } from '../tasks/prediction-tensor.ts';
import { taskNameOf } from '../tasks/task-name-of.ts';
import { collectTexts } from './collect-texts.ts';
import { generateChoices } from './generate-choices.ts';
import type { LanguageModel } from './language-model.ts';
import { mostTexts } from './most-texts.ts';
import { promptsTokens } from './prompts-tokens.ts';
import { textChoices } from './text-choices.ts';
import { textInferParameters } from './text-infer-parameters.ts';

/** Whether an infer request has texts for a language model in place of tensors. */
export function hasTexts(version: ModelVersion, inputs: readonly Pick<InputTensor, 'name'>[]): boolean {
  return taskNameOf(version) === 'text-generation' && inputs.length === 1 && inputs[0]?.name === textInput;
}

/**
 * What a language model goes on with the texts of an infer request by: an element of BYTES for each, in the shape that
 * they came in, with the JSON that /v1/predict has for it. Rejects with 400 for what is no text, for another output or
 * a parameter that nobody knows, and as `Generate`.
 */
export async function inferTexts(
  model: LanguageModel,
  version: ModelVersion,
  request: InferenceRequest,
  context: InferenceContext,
): Promise<InferenceResponse> {
  const { id, inputs, parameters } = request;
  const texts = itemElements(request, { what: 'texts', most: mostTexts }).map(textAt);
  const asked = textInferParameters(parameters);
  const prompts = await promptsTokens(model, texts, () => context.signal());
  const choices = textChoices(model, prompts, { ...asked, logprobs: undefined, n: 1 });
  const collected = await collectTexts(generateChoices(model, version, choices, context.signal()), choices.length);
  countTokens(
    context,
    prompts.reduce((sum, prompt) => sum + prompt.length, 0),
    collected.completionTokens,
  );
  const predictions = collected.texts.map(({ text }, index) => ({
    generated_text: asked.isFull ? `${texts[index]}${text}` : text,
  }));
  return {
    modelName: version.name,
    modelVersion: String(version.version),
    ...(id !== undefined && { id }),
    outputs: [predictionTensor(predictions, (inputs[0] as InputTensor).shape)],
  };
}

function textAt(element: Uint8Array, index: number, { length }: readonly Uint8Array[]): string {
  try {
    return textOfBytes(element);
  } catch (error) {
    throw length === 1 ? error : failureAt(`prompt ${index}`, error);
  }
}
