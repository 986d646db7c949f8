import { openPreprocess, type Preprocess } from '../src/adapters/training/open-preprocess.ts';
import { readPictures } from '../src/adapters/training/read-pictures.ts';
import type { Recipe } from '../src/adapters/training/recipe.ts';
import type { Network, NetworkKind } from '../src/graph/networks/network.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { classNames } from './class-names.ts';
import type { NewData } from './train-new.ts';
import type { TrainOptions } from './train-options.ts';

const inputName = 'pixel_values';
const channels = 3;
/** Of values from 0 to 1, evenly spread; fixed, so that no picture has to be looked at twice. */
const normal = { mean: Array<number>(channels).fill(0.5), scale: Array<number>(channels).fill(4) };

/** A folder of pictures for a new network, which takes them in one size, as they are then served. */
export async function newPictures(
  kind: NetworkKind,
  { data, test }: TrainOptions,
  { pictureSide: side, hidden }: Recipe,
): Promise<NewData> {
  const shape = [channels, side, side];
  const processor = { do_resize: true, size: { height: side, width: side }, do_rescale: true, do_normalize: false };
  const config = { architectures: ['TensorgateForImageClassification'] };
  const texts: Readonly<Record<string, object>> = { 'config.json': config, 'preprocessor_config.json': processor };
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
  const signature = { inputs: [floats(inputName, shape)], outputs: [floats('logits', [-1])] };
  const { tensorsOf } = (await openPreprocess(signature, readText)) as Preprocess;
  return {
    rows: await readPictures({ uri: data, tensorsOf }),
    test: test === undefined ? undefined : await readPictures({ uri: test, tensorsOf }),
    inputName,
    columns: [],
    networkFor: ({ classes = [] }): Network => ({
      kind,
      hidden,
      input: { name: inputName, shape, normal },
      output: { name: 'logits', size: classes.length },
    }),
    textsFor: ({ classes, predicts }) => ({
      ...texts,
      'config.json': { ...config, ...classNames(classes, predicts === 'labels') },
    }),
  };
}
