import type { InferenceRequest, InferenceResponse, InputTensor, RequestedOutput } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { textOfBytes } from '../../protocol/text-of-bytes.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { jsonContent, predictionOutput, textInput } from '../tasks/item-input.ts';
import { taskNameOf } from '../tasks/task-name-of.ts';
import { collectTexts } from './collect-texts.ts';
import { generateChoices } from './generate-choices.ts';
import type { LanguageModel } from './language-model.ts';
import { promptTokens } from './prompt-tokens.ts';
import { textChoices } from './text-choices.ts';
import { textInferParameters } from './text-infer-parameters.ts';

const mostTexts = 128;
const encoder = new TextEncoder();

/** Whether an infer request has texts for a language model in place of tensors. */
export function hasTexts(version: ModelVersion, inputs: readonly Pick<InputTensor, 'name'>[]): boolean {
  return taskNameOf(version) === 'text-generation' && inputs.length === 1 && inputs[0]?.name === textInput;
}

/**
 * What a language model goes on with the texts of an infer request by: an element of BYTES for each, in the shape that they came in, with
 * the JSON that /v1/predict has for it. Rejects with 400 for what is no text, for
 * another output or a parameter that nobody knows, and as `Generate`.
 */
export async function inferTexts(
  model: LanguageModel,
  version: ModelVersion,
  { id, inputs, outputs = [], parameters }: InferenceRequest,
  context: InferenceContext,
): Promise<InferenceResponse> {
  checkOutputs(outputs);
  const input = inputs[0] as InputTensor;
  const texts = textsOf(input);
  const asked = textInferParameters(parameters);
  const prompts = texts.map((text) => promptTokens(model, text, true));
  const choices = textChoices(model, prompts, { ...asked, logprobs: undefined, n: 1 });
  const collected = await collectTexts(generateChoices(model, version, choices, context.signal()), choices.length);
  const data = collected.texts.map(({ text }, index) => {
    const generated = asked.isFull ? `${texts[index]}${text}` : text;
    return encoder.encode(JSON.stringify({ generated_text: generated }));
  });
  return {
    modelName: version.name,
    modelVersion: String(version.version),
    ...(id !== undefined && { id }),
    outputs: [
      {
        name: predictionOutput,
        datatype: 'BYTES',
        shape: input.shape,
        data,
        parameters: { content_type: jsonContent },
      },
    ],
  };
}

function checkOutputs(outputs: readonly RequestedOutput[]): void {
  const other = outputs.find(({ name }) => name !== predictionOutput);
  if (!other) return;
  throw new ServiceError(
    400,
    `output '${other.name}': texts are answered by the output '${predictionOutput}' alone; send tensors for the model's own`,
  );
}

function textsOf(input: InputTensor): readonly string[] {
  if (input.datatype !== 'BYTES')
    throw new ServiceError(400, `input '${input.name}': expected datatype BYTES, got ${input.datatype}`);
  if (input.data.length > mostTexts)
    throw new ServiceError(413, `input '${input.name}': expected ${mostTexts} texts at most, got ${input.data.length}`);
  return input.data.map(textOfBytes);
}
