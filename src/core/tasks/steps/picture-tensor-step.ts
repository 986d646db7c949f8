import type { PictureSettings } from '../../../ports/picture-settings.ts';
import { pictureTensor } from '../../pictures/picture-tensor.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { withoutBatch } from '../without-batch.ts';
import { onlyInput } from './only-input.ts';

/** A picture as the model's input, of its size. Throws where the model takes no picture, or the settings leave open how. */
export function pictureTensorStep(model: TaskModel, settings: PictureSettings): Step<'picture', 'inputs'> {
  const input = onlyInput(model, 'pictureTensor');
  const tensorOf = pictureTensor(withoutBatch(input), settings);
  return {
    takes: 'picture',
    gives: 'inputs',
    apply: async (picture) => {
      const { tensor, placement } = await tensorOf(picture);
      return { tensors: [{ ...tensor, name: input.name, shape: [1, ...tensor.shape] }], placement };
    },
  };
}
