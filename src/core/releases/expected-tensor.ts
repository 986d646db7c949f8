import type { Datatype } from '../../protocol/datatype.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { sampleTensor } from './sample-tensor.ts';

// JSON has more digits than these, and no form of its own for the first two.
const asDouble = new Set<Datatype>(['FP16', 'BF16', 'FP32']);

/** What a sample expects of an output, in the shape of what came. Throws an Error that says what is wrong with it. */
export function expectedTensor(name: string, actual: Tensor, value: unknown, limits: DecodeLimits): Tensor {
  const datatype = asDouble.has(actual.datatype) ? 'FP64' : actual.datatype;
  const tensor = decode({ name, datatype, shape: actual.shape }, value, limits);
  if (String(tensor.shape) === String(actual.shape)) return tensor;
  throw new Error(`output '${name}' has the shape [${actual.shape}], expected [${tensor.shape}]`);
}

function decode(...[spec, value, limits]: Parameters<typeof sampleTensor>): Tensor {
  try {
    return sampleTensor(spec, value, limits);
  } catch (error) {
    throw new Error((error as Error).message.replace(/^input /, 'output '));
  }
}
