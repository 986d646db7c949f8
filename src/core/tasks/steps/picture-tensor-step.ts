import type { PictureSettings } from '../../../ports/picture-settings.ts';
import { countElements } from '../../../protocol/count-elements.ts';
import type { InputTensor } from '../../../protocol/inference.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { pictureTensor } from '../../pictures/picture-tensor.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { withoutBatch } from '../without-batch.ts';
import { onlyInput } from './only-input.ts';

/** Of the settings, as an example. */
const place = '"task" of model.json, as "preprocess": [{"decodeImage": {}}, {"pictureTensor": {"scale": 1}}]';

/**
 * Where a picture ends and padding begins, by the name that Hugging Face's models have for it; a picture alone has
 * none.
 */
const mask = 'pixel_mask';

/**
 * A picture as the model's input, of its size. Throws where the model takes no picture, or the settings leave open how.
 */
export function pictureTensorStep(model: TaskModel, settings: PictureSettings): Step<'picture', 'inputs'> {
  const { inputs } = model.signature;
  const masks = inputs.filter(({ name, datatype }) => name === mask && datatype === 'INT64');
  const others = inputs.filter((each) => !masks.includes(each));
  const input = onlyInput({ signature: { ...model.signature, inputs: others } }, 'pictureTensor');
  const tensors = pictureTensor(withoutBatch(input), settings, place);
  return {
    takes: 'picture',
    gives: 'inputs',
    ...(tensors.shape && { shapes: { [input.name]: [1, ...tensors.shape] } }),
    apply: async (picture) => {
      const { tensor, placement } = await tensors.of(picture);
      const { width, height } = placement.tensor;
      const whole = masks.map((each) => ones(each, [1, height, width]));
      return { tensors: [{ ...tensor, name: input.name, shape: [1, ...tensor.shape] }, ...whole], placement };
    },
  };
}

/** What takes a mask, of 1 everywhere, in the sizes that it leaves open. */
function ones({ name, shape }: TensorSpec, sizes: readonly number[]): InputTensor {
  const known = shape.map((size, axis) => (size < 0 ? (sizes[axis] ?? 1) : size));
  const data = new BigInt64Array(countElements(known)).fill(1n);
  return { name, datatype: 'INT64', shape: known, data: new Uint8Array(data.buffer) };
}
