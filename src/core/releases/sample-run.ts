import type { Run, Session } from '../../ports/session.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { Sample } from './sample.ts';
import { sampleTensor } from './sample-tensor.ts';

/**
 * The run of a session that answers a sample, with all outputs. Throws an Error that names the sample where it does not
 * fit the model.
 */
export function sampleRun(session: Session, { where, inputs }: Sample, limits: DecodeLimits): Run {
  const unknown = Object.keys(inputs).find((name) => !session.inputs.some((spec) => spec.name === name));
  const known = session.inputs.map(({ name }) => name);
  if (unknown !== undefined)
    throw new Error(`${where}: the model has no input '${unknown}'; it has ${known.join(', ')}`);
  const tensors = session.inputs.map((spec): Tensor => {
    const { name } = spec;
    if (!Object.hasOwn(inputs, name)) throw new Error(`${where}: a value of input '${name}' is missing`);
    try {
      return sampleTensor(spec, inputs[name], limits);
    } catch (error) {
      throw new Error(`${where}: ${(error as Error).message}`);
    }
  });
  return { inputNames: known, inputs: tensors, outputNames: session.outputs.map(({ name }) => name) };
}
