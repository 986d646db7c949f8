import type { PreprocessStep } from '../../../ports/task.ts';
import type { Tokenizer } from '../../../ports/tokenizer.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import type { InputTensor } from '../../../protocol/inference.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { tokenLimitOf } from '../../hugging-face/token-limit-of.ts';
import { type FittedText, fitTokens } from '../fit-tokens.ts';
import type { TextItem } from '../flow.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/** What fills an input, by the names that Hugging Face's models have. */
const fillings: Readonly<Record<string, (fitted: FittedText) => readonly number[]>> = {
  input_ids: ({ ids }) => ids,
  attention_mask: ({ ids }) => ids.map(() => 1),
  token_type_ids: ({ typeIds }) => typeIds,
};

/** What of a model it takes to make tokens of texts. */
interface TextModel extends Pick<TaskModel, 'readText'> {
  readonly signature: Pick<TaskModel['signature'], 'inputs'>;
  readonly tools: Pick<TaskModel['tools'], 'tokenizer'>;
}

/**
 * A text as tokens, by the tokenizer.json in the version's folder: input_ids, and attention_mask and token_type_ids
 * where the model takes them. Rejects where it has no such inputs, or there is no tokenizer.
 */
export async function tokenizeStep(
  { signature, readText, tools }: TextModel,
  { maxTokens: given, truncate: always = false }: NonNullable<PreprocessStep['tokenize']>,
): Promise<Step<'text', 'inputs'>> {
  const { inputs } = signature;
  checkInputs(inputs);
  const tokenizer = await tools.tokenizer(await readText('tokenizer.json'));
  const maxTokens = given ?? (await tokenLimitOf(readText, tokenizer.maxTokens)) ?? Number.POSITIVE_INFINITY;
  return {
    takes: 'text',
    gives: 'inputs',
    apply: async (item) => {
      const { text } = item;
      checkTokens(tokenizer, text);
      const fitted = await fitTokens(tokenizer, item, maxTokens);
      const isTruncated = fitted.tokens > maxTokens || fitted.isMore;
      if (isTruncated && !item.truncate && !always) throw tooLong(fitted, maxTokens);
      return {
        tensors: inputs.map((input) => tensorOf(input, fillings[input.name]?.(fitted) ?? [])),
        tokens: fitted.ids.length,
        isTruncated,
        ...(typeof text === 'string' && { encoded: { tokenizer, fitted } }),
      };
    },
  };
}

function checkInputs(inputs: readonly TensorSpec[]): void {
  const strange = inputs.find(
    ({ name, datatype, shape }) =>
      fillings[name] === undefined || (datatype !== 'INT64' && datatype !== 'INT32') || shape.length !== 2,
  );
  if (!strange && inputs.some(({ name }) => name === 'input_ids')) return;
  const known = inputs.map(({ name, datatype, shape }) => `'${name}' (${datatype} [${shape}])`).join(', ');
  throw new Error(
    `step tokenize fills input_ids, attention_mask and token_type_ids, INT64 or INT32 of [batch, tokens], and the model has ${known}`,
  );
}

function checkTokens({ vocabulary }: Tokenizer, text: TextItem['text']): void {
  const strange = typeof text === 'string' ? undefined : text.find((id) => id >= vocabulary);
  if (strange !== undefined) throw new ServiceError(400, `expected tokens of 0 to ${vocabulary - 1}, got ${strange}`);
}

function tooLong({ tokens, isMore, text }: FittedText, maxTokens: number): ServiceError {
  const has =
    tokens <= maxTokens
      ? `more than ${text.length} characters, as many as are looked at`
      : `${isMore ? 'far' : `${tokens} tokens,`} more than the ${maxTokens} ${isMore ? 'tokens ' : ''}that the model takes`;
  return new ServiceError(400, `the text has ${has}; send a shorter one, or have it cut: "truncate": true`, {
    code: 'context_length_exceeded',
  });
}

function tensorOf({ name, datatype }: TensorSpec, values: readonly number[]): InputTensor {
  const shape = [1, values.length];
  if (datatype === 'INT64') {
    const data = allocateBytes(values.length * 8);
    new BigInt64Array(data.buffer, data.byteOffset, values.length).set(values.map(BigInt));
    return { name, datatype, shape, data };
  }
  const data = allocateBytes(values.length * 4);
  new Int32Array(data.buffer, data.byteOffset, values.length).set(values);
  return { name, datatype: 'INT32', shape, data };
}
