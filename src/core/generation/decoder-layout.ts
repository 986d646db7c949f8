import type { CacheTensor, DecoderLayout } from '../../ports/decoder.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** What a model takes and gives, and what its graph is made of. */
export interface DecoderModel {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly operators: readonly string[];
}

const floats = new Set(['FP32', 'FP16', 'BF16']);
const wholes = ['INT64', 'INT32'] as const;
const known = {
  input_ids: wholes,
  attention_mask: wholes,
  position_ids: wholes,
  use_cache_branch: ['BOOL'],
  num_logits_to_keep: ['INT64'],
} as const;
const inPlaceOperator = 'com.microsoft.GroupQueryAttention';
const advice = 'export it for text generation with past (optimum-cli export onnx --task text-generation-with-past)';

/**
 * Holds a model against what a decoder takes and gives: `input_ids`, `past_key_values.{i}.key` and `.value`; `logits`,
 * and the same names below `present`. Throws an Error that says what is missing, or is there and cannot be fed.
 */
export function decoderLayout(model: DecoderModel, maxPositions: number): DecoderLayout {
  const { inputs, outputs, operators } = model;
  const pasts = inputs.filter(({ name }) => name.startsWith('past_key_values.'));
  if (pasts.length === 0) {
    throw new Error(`it has no inputs past_key_values.0.key and so on, which generating text needs: ${advice}`);
  }
  const others = inputs.filter((input) => !pasts.includes(input)).map((input) => [input.name, kindOf(input)] as const);
  if (!others.some(([name]) => name === 'input_ids')) throw new Error(`it has no input input_ids: ${advice}`);
  const logits = found(outputs, 'logits');
  const vocabulary = logits.shape.at(-1) ?? -1;
  if (logits.shape.length !== 3 || vocabulary < 1 || !isFloat(logits)) {
    throw new Error(
      `expected the output logits as floats [sequences, tokens, vocabulary], the last a number; got ${told(logits)}`,
    );
  }
  return {
    caches: pasts.map((past) => cacheTensor(past, outputs)),
    inputs: new Map(others),
    logits: logits.datatype as DecoderLayout['logits'],
    vocabulary,
    maxPositions,
    inPlace: operators.includes(inPlaceOperator),
  };
}

function kindOf({ name, datatype }: TensorSpec): 'INT64' | 'INT32' | 'BOOL' {
  const datatypes = Object.hasOwn(known, name) ? known[name as keyof typeof known] : undefined;
  if (!datatypes) {
    throw new Error(
      `it takes '${name}', which is none of what a decoder is fed: ${Object.keys(known).join(', ')}, past_key_values.*`,
    );
  }
  const kind = datatypes.find((each) => each === datatype);
  if (kind) return kind;
  throw new Error(`expected the input ${name} as ${datatypes.join(' or ')}, got ${datatype}`);
}

function cacheTensor(past: TensorSpec, outputs: readonly TensorSpec[]): CacheTensor {
  const present = found(outputs, past.name.replace('past_key_values.', 'present.'));
  const [, heads = -1, , size = -1] = past.shape;
  if (past.shape.length !== 4 || heads < 1 || size < 1 || !isFloat(past) || present.datatype !== past.datatype) {
    throw new Error(
      `expected ${past.name} and ${present.name} as floats [sequences, heads, tokens, size], the second and the last a number; got ${told(past)} and ${told(present)}`,
    );
  }
  return { past: past.name, present: present.name, datatype: past.datatype as CacheTensor['datatype'], heads, size };
}

function found(outputs: readonly TensorSpec[], name: string): TensorSpec {
  const output = outputs.find((each) => each.name === name);
  if (output) return output;
  const names = outputs.map((each) => each.name).join(', ');
  throw new Error(`it has no output ${name}, which generating text needs; it has ${names}: ${advice}`);
}

function isFloat({ datatype }: TensorSpec): boolean {
  return floats.has(datatype);
}

function told({ datatype, shape }: TensorSpec): string {
  return `${datatype} [${shape.join(', ')}]`;
}
