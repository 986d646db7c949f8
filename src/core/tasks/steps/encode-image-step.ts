import type { Picture } from '../../../ports/picture.ts';
import type { PostprocessStep } from '../../../ports/task.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { inTurns } from '../../pace/in-turns.ts';
import type { Steps } from '../../pace/steps.ts';
import { cutBack } from '../../pictures/cut-back.ts';
import { isColor } from '../../pictures/is-color.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import { itemFloats } from '../item-floats.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/**
 * An output as a PNG picture, grey or in colour; values are multiplied, rounded, and held to 0 to 255; what stood around
 * the picture in the input is cut off. Rejects where the model has no such output.
 */
export async function encodeImageStep(
  model: TaskModel,
  { output, scale = 255 }: NonNullable<PostprocessStep['encodeImage']>,
): Promise<Step<'outputs', 'prediction'>> {
  const what = 'an output of floats [batch, 1 or 3, height, width], or with the channels last';
  const { name } = findOutput(model, { step: 'encodeImage', name: output, willDo: isPicture, what });
  const encode = await model.tools.encodePicture();
  return {
    takes: 'outputs',
    gives: 'prediction',
    apply: async (outputs) => {
      const shape = outputs.tensors.get(name)?.shape ?? [];
      const made = await inTurns(pictureOf(itemFloats(outputs, name), shape, scale));
      const picture = cutBack(made, outputs.placement);
      const { width, height } = picture;
      return { image: await encode(picture), width, height };
    },
  };
}

function isPicture(output: TensorSpec): boolean {
  return isScores(output) && output.shape.length === 4;
}

function* pictureOf(values: ArrayLike<number>, shape: readonly number[], scale: number): Steps<Picture> {
  const isLast = !isColor(shape[1]) && isColor(shape[3]);
  const channels = (isLast ? shape[3] : shape[1]) ?? 1;
  const [height = 0, width = 0] = isLast ? shape.slice(1) : shape.slice(2);
  const plane = isLast ? 1 : width * height;
  const step = isLast ? channels : 1;
  const pixels = new Uint8ClampedArray(width * height * channels);
  for (let row = 0; row < height; row += 1) {
    yield;
    for (let at = row * width; at < (row + 1) * width; at += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        // Halves go to the even number, as in NumPy.
        pixels[at * channels + channel] = (values[at * step + channel * plane] as number) * scale;
      }
    }
  }
  return { width, height, channels, pixels: new Uint8Array(pixels.buffer) };
}
