import { ServiceError } from '../../../protocol/service-error.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { onlyInput } from './only-input.ts';

const encoder = new TextEncoder();

/** A text as the model's one element of BYTES. Throws an Error where the model takes no text. */
export function textStep(model: TaskModel): Step<'text', 'inputs'> {
  const { name, datatype, shape } = onlyInput(model, 'text');
  if (datatype !== 'BYTES' || shape.some((size) => size > 1))
    throw new Error(`step text fills one element of BYTES, and input '${name}' takes ${datatype} [${shape}]`);
  const one = shape.map(() => 1);
  return {
    takes: 'text',
    gives: 'inputs',
    apply: ({ text, pair }) => {
      if (pair !== undefined)
        throw new ServiceError(400, 'expected one text, got a pair, of which this model takes none');
      if (typeof text !== 'string')
        throw new ServiceError(400, 'expected a text, got tokens, of which this model takes none');
      return { tensors: [{ name, datatype, shape: one, data: [encoder.encode(text)] }] };
    },
  };
}
