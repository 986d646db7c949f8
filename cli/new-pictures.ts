import { openPreprocess, type Preprocess } from '../src/adapters/training/open-preprocess.ts';
import { readPictures } from '../src/adapters/training/read-pictures.ts';
import type { Recipe } from '../src/adapters/training/recipe.ts';
import { usualPictureSize } from '../src/adapters/training/usual-picture-size.ts';
import { normalOf } from '../src/core/training/normal-of.ts';
import { usualChannels } from '../src/core/training/usual-channels.ts';
import type { Network, NetworkKind, Normal } from '../src/graph/networks/network.ts';
import type { PictureSize } from '../src/ports/picture-settings.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import type { FixedTensor, Tensor } from '../src/protocol/tensor.ts';
import { classNames } from './class-names.ts';
import type { NewData } from './train-new.ts';
import type { TrainOptions } from './train-options.ts';

const inputName = 'pixel_values';
const channels = 3;
const config = { architectures: ['TensorgateForImageClassification'] };

/** A folder of pictures for a new network, which takes them in one size, as they are then served. */
export async function newPictures(
  kind: NetworkKind,
  { data, test }: TrainOptions,
  { pictureSide: side, hidden }: Recipe,
): Promise<NewData> {
  // What reads pictures is opened once it is known how large they are.
  let preprocess: Preprocess | undefined;
  const read = (uri: string) =>
    readPictures({ uri, tensorsOf: async (picture) => (preprocess as Preprocess).tensorsOf(picture) });
  const rows = await read(data);
  const size = side === undefined ? await usualPictureSize(rows) : { width: side, height: side };
  const { width, height } = size;
  const texts = textsFor(size);
  const shape = [channels, height, width];
  preprocess = await openPicturesOf(shape, texts);
  return {
    rows,
    test: test === undefined ? undefined : await read(test),
    inputName,
    columns: [],
    networkFor: ({ classes = [], split }, inputs): Network => ({
      kind,
      hidden: hidden ?? usualChannels(height, width),
      input: { name: inputName, shape, normal: normalOfPictures(split.train.map((row) => inputs[row] ?? [])) },
      output: { name: 'logits', size: classes.length },
    }),
    textsFor: ({ classes, predicts }) => ({
      ...texts,
      'config.json': { ...config, ...classNames(classes, predicts === 'labels') },
    }),
  };
}

/** Files by which pictures become what the network takes. */
function textsFor({ width, height }: PictureSize): Readonly<Record<string, object>> {
  const processor = { do_resize: true, size: { height, width }, do_rescale: true, do_normalize: false };
  return { 'config.json': config, 'preprocessor_config.json': processor };
}

async function openPicturesOf(
  shape: readonly number[],
  texts: Readonly<Record<string, object>>,
): Promise<Preprocess | undefined> {
  const readText = async (file: string) => {
    const text = texts[file];
    if (text) return JSON.stringify(text);
    throw new ServiceError(404, `there is no ${file}`);
  };
  const floats = (name: string, sizes: readonly number[]) => ({
    name,
    datatype: 'FP32' as const,
    shape: [-1, ...sizes],
  });
  return openPreprocess({ inputs: [floats(inputName, shape)], outputs: [floats('logits', [-1])] }, readText);
}

/** One mean and scale for all that is learned from: dark pictures are told apart as well as others. */
function normalOfPictures(pictures: readonly (readonly Tensor[])[]): Normal {
  const values = pictures.map(([picture]) => {
    const { data } = picture as FixedTensor;
    return new Float32Array(data.buffer, data.byteOffset, data.length / Float32Array.BYTES_PER_ELEMENT);
  });
  return normalOf(values, 'one');
}
