import type { PreprocessStep } from '../../../ports/task.ts';
import type { Tokenizer } from '../../../ports/tokenizer.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import type { InputTensor } from '../../../protocol/inference.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { hasBatchDimension } from '../../batch/has-batch-dimension.ts';
import { readObject } from '../../hugging-face/read-object.ts';
import { tokenLimitOf } from '../../hugging-face/token-limit-of.ts';
import { type FittedText, fitTokens } from '../fit-tokens.ts';
import type { TextItem } from '../flow.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { withoutPrompt } from '../without-prompt.ts';

/** What fills an input, by the names that Hugging Face's models have; behind it stands the token for that, or 0. */
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
 * where the model takes them. Where these have a length, shorter texts are filled up to it, and longer ones are too
 * long. Rejects where it has no such inputs, or there is no tokenizer.
 */
export async function tokenizeStep(
  { signature, readText, tools }: TextModel,
  { maxTokens: given, truncate: always = false, prompt = '' }: NonNullable<PreprocessStep['tokenize']>,
): Promise<Step<'text', 'inputs'>> {
  const { inputs } = signature;
  checkInputs(inputs);
  const tokenizer = await tools.tokenizer(await readText('tokenizer.json'));
  const length = lengthOf(inputs);
  const padding = length === undefined ? 0 : await paddingOf(tokenizer, inputs, readText);
  const most = given ?? (await tokenLimitOf(readText, tokenizer.maxTokens)) ?? Number.POSITIVE_INFINITY;
  const maxTokens = Math.min(most, length ?? Number.POSITIVE_INFINITY);
  return {
    takes: 'text',
    gives: 'inputs',
    apply: async (item) => {
      const { text } = item;
      checkTokens(tokenizer, text);
      const prompted = typeof text === 'string' ? { ...item, text: `${prompt}${text}` } : item;
      const fitted = withoutPrompt(await fitTokens(tokenizer, prompted, maxTokens), prompt);
      const isTruncated = fitted.tokens > maxTokens || fitted.isMore;
      if (isTruncated && !item.truncate && !always) throw tooLong(fitted, maxTokens);
      return {
        tensors: inputs.map((input) => {
          const values = fillings[input.name]?.(fitted) ?? [];
          return tensorOf(input, values, length ?? values.length, input.name === 'input_ids' ? padding : 0);
        }),
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
      fillings[name] === undefined ||
      (datatype !== 'INT64' && datatype !== 'INT32') ||
      shape.length !== 2 ||
      !hasBatchDimension(shape),
  );
  if (!strange && inputs.some(({ name }) => name === 'input_ids')) return;
  throw new Error(
    `step tokenize fills input_ids, attention_mask and token_type_ids, INT64 or INT32 of [batch, tokens], and the model has ${shown(inputs)}`,
  );
}

function shown(inputs: readonly TensorSpec[]): string {
  return inputs.map(({ name, datatype, shape }) => `'${name}' (${datatype} [${shape}])`).join(', ');
}

/** Tokens that every text is to have; undefined: as many as it has. */
function lengthOf(inputs: readonly TensorSpec[]): number | undefined {
  const [length, ...others] = new Set(inputs.flatMap(({ shape }) => (shape[1] === -1 ? [] : (shape[1] as number))));
  if (others.length === 0) return length;
  throw new Error(`step tokenize fills inputs with as many tokens each, and the model has ${shown(inputs)}`);
}

/** What stands behind shorter texts; where the model is told which tokens count, it may be any. */
async function paddingOf(
  { padding }: Tokenizer,
  inputs: readonly TensorSpec[],
  readText: TextModel['readText'],
): Promise<number> {
  if (padding !== undefined) return padding;
  const { pad_token_id: id } = (await readObject(readText, 'config.json')) ?? {};
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0) return id;
  if (inputs.some(({ name }) => name === 'attention_mask')) return 0;
  throw new Error(
    `step tokenize: the model takes ${shown(inputs)}, and nothing says which token stands behind shorter texts: say it in tokenizer.json ("padding"), or in config.json ("pad_token_id")`,
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

function tensorOf(
  { name, datatype }: TensorSpec,
  values: readonly number[],
  length: number,
  padding: number,
): InputTensor {
  const shape = [1, length];
  if (datatype === 'INT64') {
    const data = allocateBytes(length * 8);
    new BigInt64Array(data.buffer, data.byteOffset, length).fill(BigInt(padding)).set(values.map(BigInt));
    return { name, datatype, shape, data };
  }
  const data = allocateBytes(length * 4);
  new Int32Array(data.buffer, data.byteOffset, length).fill(padding).set(values);
  return { name, datatype: 'INT32', shape, data };
}
