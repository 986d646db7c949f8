import type { PreprocessStep } from '../../../ports/task.ts';
import type { EncodedText, Tokenizer } from '../../../ports/tokenizer.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import type { InputTensor } from '../../../protocol/inference.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import type { TextItem } from '../flow.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/** What fills an input, by the names that Hugging Face's models have. */
const fillings: Readonly<Record<string, (encoded: EncodedText) => readonly number[]>> = {
  input_ids: ({ ids }) => ids,
  attention_mask: ({ ids }) => ids.map(() => 1),
  token_type_ids: ({ typeIds }) => typeIds,
};

/**
 * A text as tokens, by the tokenizer.json in the version's folder: input_ids, and attention_mask and token_type_ids where the model
 * takes them. Rejects where it has no such inputs, or there is no tokenizer.
 */
export async function tokenizeStep(
  { signature, readText, tools }: TaskModel,
  { maxTokens: given, truncate: always = false }: NonNullable<PreprocessStep['tokenize']>,
): Promise<Step<'text', 'inputs'>> {
  const { inputs } = signature;
  checkInputs(inputs);
  const tokenizer = await tools.tokenizer(await readText('tokenizer.json'));
  const maxTokens = given ?? tokenizer.maxTokens ?? Number.POSITIVE_INFINITY;
  return {
    takes: 'text',
    gives: 'inputs',
    apply: ({ text, truncate }) => {
      const whole = encoded(tokenizer, text);
      const tokens = whole.ids.length;
      if (tokens > maxTokens && !truncate && !always) throw tooLong(tokens, maxTokens);
      const isTruncated = tokens > maxTokens;
      const fitted = isTruncated ? cut(tokenizer, text, whole, maxTokens) : whole;
      return {
        tensors: inputs.map((input) => tensorOf(input, fillings[input.name]?.(fitted) ?? [])),
        tokens: fitted.ids.length,
        isTruncated,
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

function encoded(tokenizer: Tokenizer, text: TextItem['text']): EncodedText {
  if (typeof text === 'string') return tokenizer.encode(text, true);
  const strange = text.find((id) => id >= tokenizer.vocabulary);
  if (strange === undefined) return { ids: text, typeIds: text.map(() => 0) };
  throw new ServiceError(400, `expected tokens of 0 to ${tokenizer.vocabulary - 1}, got ${strange}`);
}

function tooLong(tokens: number, maxTokens: number): ServiceError {
  return new ServiceError(
    400,
    `the text has ${tokens} tokens, more than the ${maxTokens} that the model takes; send a shorter one, or have it cut: "truncate": true`,
  );
}

/** The text's first tokens, with those around it that a whole one has. */
function cut(tokenizer: Tokenizer, text: TextItem['text'], whole: EncodedText, maxTokens: number): EncodedText {
  const inner = typeof text === 'string' ? tokenizer.encode(text, false).ids : text;
  const around = whole.ids.length - inner.length;
  const before = Math.max(0, whole.ids.indexOf(inner[0] as number));
  const after = whole.ids.slice(before + inner.length);
  const kept = Math.max(0, maxTokens - around);
  const ids = [...whole.ids.slice(0, before), ...inner.slice(0, kept), ...after].slice(0, maxTokens);
  return { ids, typeIds: whole.typeIds.slice(0, ids.length) };
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
