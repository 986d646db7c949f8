import type { PreprocessStep } from '../../../ports/task.ts';
import { countElements } from '../../../protocol/count-elements.ts';
import type { DecodedRecord } from '../../../protocol/decoded-record.ts';
import type { RecordInput } from '../../../protocol/record-input.ts';
import { RecordScan } from '../../../protocol/record-scan.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { withoutByte } from '../../../protocol/without-byte.ts';
import { checkValueCount } from '../check-value-count.ts';
import type { Features } from '../flow.ts';
import { OneHot } from '../one-hot.ts';
import type { Step, TaskColumn } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { withoutBatch } from '../without-batch.ts';

const encoder = new TextEncoder();

/**
 * Named columns, or all values in their order, as the model's inputs, of one row each; other columns are left out, as a
 * batch job does. A value of the wrong kind is refused, as one of a batch job's record is. Throws an Error where the
 * settings name an input that the model has not, or not as many columns as it takes.
 */
export function columnsStep(
  { signature, limits }: TaskModel,
  { inputs: columns = {}, oneHot = {} }: NonNullable<PreprocessStep['columns']>,
): Step<'features', 'inputs'> {
  const unknown = Object.keys(columns).find((name) => !signature.inputs.some((input) => input.name === name));
  if (unknown !== undefined) {
    const known = signature.inputs.map(({ name }) => `'${name}'`).join(', ');
    throw new Error(`step columns: the model has no input '${unknown}'; it has ${known}`);
  }
  const taken = signature.inputs.flatMap((input) => taskColumns(input, columns[input.name] ?? [input.name], oneHot));
  const names = [...new Set(taken.map(({ name }) => name))];
  const categories = new OneHot(
    oneHot,
    signature.inputs.flatMap(({ name }) => columns[name] ?? [name]),
  );
  const inputs = signature.inputs.map((input) => recordInput(input, columns[input.name], categories));
  const byName = new RecordScan(inputs, [], limits);
  const [only] = inputs;
  const inOrder =
    only && inputs.length === 1 ? new RecordScan([{ ...only, fields: [only.name] }], [], limits) : undefined;
  const read = (features: Features): DecodedRecord => {
    if (!Array.isArray(features))
      return byName.read(
        encoder.encode(JSON.stringify(categories.expand(features as Readonly<Record<string, unknown>>))),
      );
    const own = (inOrder && only && columns[only.name]) ?? names;
    if (!inOrder || !only || categories.some)
      return byName.read(encoder.encode(JSON.stringify(categories.expand(categories.named(features, own)))));
    if (own.length > 1) checkValueCount(features, own);
    return inOrder.read(encoder.encode(JSON.stringify({ [only.name]: features })));
  };
  return {
    takes: 'features',
    gives: 'inputs',
    columns: taken,
    apply: (features) => ({
      tensors: named(() => read(features), taken).tensors.map((tensor, index) => ({
        ...tensor,
        name: (inputs[index] as RecordInput).name,
        shape: [1, ...tensor.shape],
      })),
    }),
  };
}

/** Refusals name columns, as callers wrote them, in place of inputs and bytes of what is read here. */
function named(read: () => DecodedRecord, columns: readonly TaskColumn[]): DecodedRecord {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const words = withoutByte(error.message);
    const single = columns.find(
      ({ name, shape }) => shape.length === 0 && words.startsWith(`input '${name}', element 0: `),
    );
    throw new ServiceError(
      error.status,
      single ? words.replace(`input '${single.name}', element 0`, () => `column '${single.name}'`) : words,
    );
  }
}

function recordInput(input: TensorSpec, given: readonly string[] = [input.name], categories: OneHot): RecordInput {
  const columns = categories.fields(given);
  const row = withoutBatch(input);
  const elements = countElements(row.shape);
  if (columns.length > 1 && elements >= 0 && elements !== columns.length) {
    throw new Error(
      `step columns: input '${input.name}' takes ${elements} values of a row, and ${columns.length} columns are named`,
    );
  }
  return { ...row, fields: columns };
}

/** The columns of an input, each a value of it, or all of them. */
function taskColumns(
  input: TensorSpec,
  columns: readonly string[],
  oneHot: Readonly<Record<string, readonly string[]>>,
): readonly TaskColumn[] {
  const { name: filled, datatype } = input;
  const { shape } = withoutBatch(input);
  return columns.map((name) => {
    const texts = oneHot[name];
    if (texts) return { name, input: filled, datatype: 'BYTES', shape: [], texts };
    return {
      name,
      input: filled,
      datatype,
      shape: columns.length > 1 || shape.every((size) => size === 1) ? [] : shape,
    };
  });
}
