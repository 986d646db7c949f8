import type { BatchingConfig } from '../../ports/model-store.ts';
import type { Session } from '../../ports/session.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { batchable } from '../batchable.ts';

/** Whether requests for a model share runs, and why not. */
export interface Batching {
  readonly isOn: boolean;
  /** Empty where they do. */
  readonly whyNot: string;
}

/** What a model's graph tells, and its session. */
interface Loaded extends Pick<Session, 'inputs' | 'outputs'> {
  readonly operators: readonly string[];
  readonly mixesRows: string;
}

/** Whether requests for a model share runs. Throws an Error where its settings ask for what cannot be. */
export function batchingOf(config: BatchingConfig, model: Loaded): Batching {
  const whyNot = config.mode === 'off' ? 'batching.mode is off in model.json' : whyImpossible(config, model);
  if (whyNot && config.mode === 'on') {
    throw new Error(
      `model.json asks for batching, which cannot be: ${whyNot}; without batching in it the model serves`,
    );
  }
  if (!whyNot) checkPadding(config.padding, model);
  return { isOn: whyNot === '', whyNot };
}

function whyImpossible({ rowsApart }: BatchingConfig, { inputs, outputs, operators, mixesRows }: Loaded): string {
  // Of those of which nothing is said the graph tells.
  const said = outputs.filter(({ anyRank }) => !anyRank);
  const { possible, reason } = batchable(inputs, said, operators);
  if (!possible) return reason;
  return rowsApart || mixesRows === ''
    ? ''
    : `${mixesRows} (batching.rowsApart in model.json says that each row is answered for itself all the same)`;
}

function checkPadding({ inputs, outputs }: BatchingConfig['padding'], model: Loaded): void {
  for (const [name, { axis, value }] of Object.entries(inputs)) {
    const { datatype } = checkAxis('input', name, axis, model.inputs);
    const isWhole = datatype.includes('INT') || datatype === 'BOOL';
    // Zeros are so in all of them.
    const canHold =
      datatype !== 'BYTES' && (value === 0 || (elementWriters[datatype] && (!isWhole || Number.isInteger(value))));
    if (!canHold)
      throw new Error(`model.json: input '${name}' is of ${datatype}, which cannot be padded with ${value}`);
  }
  for (const [name, { axis, input }] of Object.entries(outputs)) {
    checkAxis('output', name, axis, model.outputs);
    if (Object.hasOwn(inputs, input)) continue;
    throw new Error(
      `model.json: output '${name}' is cut to the size of '${input}', which batching.padding.inputs lacks`,
    );
  }
}

/** The input or output that is padded. Throws where there is none, or the axis is no free one. */
function checkAxis(role: 'input' | 'output', name: string, axis: number, specs: readonly TensorSpec[]): TensorSpec {
  const spec = specs.find((each) => each.name === name);
  if (!spec) {
    const known = specs.map((each) => `'${each.name}'`).join(', ');
    throw new Error(
      `model.json: batching.padding names the ${role} '${name}', which the model has not; it has ${known}`,
    );
  }
  if (spec.shape[axis] === -1) return spec;
  throw new Error(`model.json: axis ${axis} of ${role} '${name}' is not free: its shape is [${spec.shape}]`);
}
