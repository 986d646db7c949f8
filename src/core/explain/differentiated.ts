import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { checkInputs } from '../check-inputs.ts';
import { itemsInHand } from '../items-in-hand.ts';
import { shownJson } from '../shown-json.ts';
import type { Features, ItemInputs } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';
import { baselineInputs } from './baseline-inputs.ts';
import { baselineTensors } from './baseline-tensors.ts';
import type { ExplainCall } from './explain-call.ts';
import type { ExplainHost } from './explain-host.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Explanation } from './explanation.ts';
import { floatsOf } from './floats-of.ts';
import type { ClassMap } from './grad-cam.ts';
import { meanColor } from './mean-color.ts';
import { picturePlanes } from './picture-planes.ts';
import { shownElements } from './shown-elements.ts';
import { shownPicture } from './shown-picture.ts';
import { shownSound } from './shown-sound.ts';
import { stepsTo } from './steps-to.ts';
import type { Subject } from './subject.ts';
import { wordsWithWeights } from './words-with-weights.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/** An item as gradients go by it: one of its inputs is walked along. */
export interface Differentiated {
  readonly inputs: ItemInputs;
  readonly by: { readonly kind: 'input' | 'tokens'; readonly name: string };
  /** The input that is walked along, of the item and of the baseline; of tokens, their numbers. */
  readonly own: FixedTensor;
  readonly baseline: FixedTensor;
  readonly baselineWords: string;
  /** What has to be said of the way; absent: nothing. */
  readonly note?: string;
  /** All inputs of a point on the way from the baseline to the item, from 0 to 1; of tokens, those of the item. */
  at(point: number): readonly InputTensor[];
  /**
   * What an explanation shows of the weights of the elements.
   *
   * @param baseline of a method that begins there
   */
  shown(host: ExplainHost, weights: Float64Array, baseline?: FixedTensor): Promise<Partial<Explanation>>;
  /** The same of a map of a picture; absent where there is none. */
  readonly shownMap?: (host: ExplainHost, map: ClassMap) => Promise<Partial<Explanation>>;
}

type Shown = Pick<Differentiated, 'shown' | 'shownMap'>;

interface ReadItem {
  readonly inputs: ItemInputs;
  /** Of pictures and sounds. */
  readonly shown: Shown | undefined;
}

/**
 * Rejects with 400 for what has no floats or tokens to be differentiated by, several such inputs, or another baseline.
 */
export async function differentiated({ version, subject, options }: ExplainCall): Promise<Differentiated> {
  if (subject.tensors) checkInputs(version.signature?.inputs ?? [], subject.tensors);
  const task = version.task as Task;
  const { inputs, shown }: ReadItem = subject.tensors
    ? { inputs: { tensors: subject.tensors }, shown: undefined }
    : await itemsInHand.run(() => readItem(task, subject.item, options.parts));
  const odd = inputs.tensors.find(({ shape }) => shape[0] !== 1);
  if (inputs.windows || odd)
    throw new ServiceError(
      400,
      `gradients are of one row of each input${odd ? `, and '${odd.name}' is [${odd.shape}]` : ', and the task runs windows; kernel-shap, lime and occlusion take any'}`,
    );
  const tokens = inputs.tensors.find(({ name }) => name === 'input_ids');
  const { encoded } = inputs;
  if (tokens && tokens.datatype !== 'BYTES') {
    if (!encoded)
      throw new ServiceError(400, 'gradients by tokens are of a text: send it, as an item of the task, to /v1/explain');
    if (options.baseline !== undefined && options.baseline !== 'zeros')
      throw wrongBaseline(`of tokens it is zeros, got ${shownJson(options.baseline)}`);
    return {
      inputs,
      by: { kind: 'tokens', name: tokens.name },
      own: tokens,
      baseline: tokens,
      baselineWords: 'vectors of zeros in place of tokens',
      at: () => inputs.tensors,
      shown: async (_host, weights) => ({
        words: wordsWithWeights(encoded, sumsOf(weights, tokens.shape[1] ?? 1)),
        ...(inputs.isTruncated && { truncated: true }),
      }),
    };
  }
  return alongInput(inputs, shown, task, subject, options);
}

async function alongInput(
  inputs: ItemInputs,
  shown: Shown | undefined,
  task: Task | undefined,
  subject: Subject,
  { baseline }: ExplainOptions,
): Promise<Differentiated> {
  const taken = inputs.tensors.map(({ name, datatype }) => `'${name}', ${datatype}`).join(' and ');
  const floats = inputs.tensors.filter(
    (tensor): tensor is FixedTensor & { name: string } => tensor.datatype === 'FP32',
  );
  const [own, ...more] = floats;
  if (!own || more.length > 0)
    throw new ServiceError(
      400,
      `gradients are by one input of FP32, and the model takes ${taken}; kernel-shap, lime and occlusion take any`,
    );
  const from = await baselineOf(own, inputs, task, subject, baseline);
  const [item, nothing] = [floatsOf(own), floatsOf(from.tensor)];
  const others = inputs.tensors.flatMap(({ name }) => (name === own.name ? [] : `'${name}'`));
  return {
    inputs,
    ...(others.length > 0 && {
      note: `the way goes by '${own.name}' alone: ${others.join(' and ')} stay as in the item`,
    }),
    by: { kind: 'input', name: own.name },
    own,
    baseline: from.tensor,
    baselineWords: from.words,
    at: (point) => {
      const data = allocateBytes(own.data.length);
      const values = new Float32Array(data.buffer, data.byteOffset, item.length);
      for (let at = 0; at < item.length; at += 1) {
        const start = nothing[at] as number;
        values[at] = start + point * ((item[at] as number) - start);
      }
      return inputs.tensors.map((tensor) => (tensor.name === own.name ? { ...own, data } : tensor));
    },
    ...(shown ?? { shown: shownElements(own, subject.tensors ? [] : task?.preprocess.columns) }),
  };
}

async function readItem(task: Task, item: Subject['item'], parts: number | undefined): Promise<ReadItem> {
  const file = item as Uint8Array;
  const picture = task.preprocess.takes === 'file' ? await stepsTo(task, file, 'picture') : undefined;
  if (picture) {
    const inputs = await picture.rest(picture.value);
    const planes = picturePlanes(inputs);
    return {
      inputs,
      shown: planes && inputs.placement && shownPicture(picture.value, planes, inputs.placement, parts),
    };
  }
  const sound = task.preprocess.takes === 'file' ? await stepsTo(task, file, 'sound') : undefined;
  if (sound) {
    const inputs = await sound.rest(sound.value);
    return { inputs, shown: { shown: shownSound(sound.value, inputs, parts) } };
  }
  return { inputs: (await task.preprocess.apply(item as never)) as ItemInputs, shown: undefined };
}

async function baselineOf(
  own: FixedTensor & { readonly name: string },
  inputs: ItemInputs,
  task: Task | undefined,
  { tensors, typical, baseline }: Subject,
  asked: unknown,
): Promise<{ readonly tensor: FixedTensor; readonly words: string }> {
  const zeros = { ...own, data: allocateBytes(own.data.length).fill(0) };
  const isOfColumns = task?.preprocess.takes === 'features' && asked !== undefined;
  const given = isOfColumns ? await rowOf(task, asked) : baseline && baselineTensors(inputs.tensors, baseline);
  if (given) return { tensor: rowAlong(own, inputs, given), words: 'the row that was given' };
  const usual = typical?.values.get(own.name);
  if (typical && usual?.length === own.data.byteLength / 4)
    return { tensor: { ...own, data: bytesOf(usual) }, words: typical.words };
  if (asked === undefined || asked === 'zeros' || tensors) return { tensor: zeros, words: 'zeros' };
  const planes = asked === 'mean' ? picturePlanes(inputs) : undefined;
  if (planes) return { tensor: { ...own, data: meanColor(planes) }, words: 'the mean colour of the picture' };
  throw wrongBaseline(`expected zeros, of a picture also "mean", or of columns a row, got ${shownJson(asked)}`);
}

/** The row that the way begins at. Throws 400 for several, or one that has something else where no way is gone. */
function rowAlong(
  own: FixedTensor & { readonly name: string },
  { tensors }: ItemInputs,
  given: readonly InputTensor[],
): FixedTensor {
  for (const tensor of tensors) {
    const row = given.find(({ name }) => name === tensor.name);
    if (String(row?.shape) !== String(tensor.shape))
      throw wrongBaseline(
        `expected one row of '${tensor.name}', ${tensor.datatype} [${tensor.shape}], got ${row?.datatype} [${row?.shape}]`,
      );
    if (tensor.name !== own.name && !isAlike(tensor, row))
      throw wrongBaseline(
        `gradients go by '${own.name}' alone, and '${tensor.name}' is another than in the item: give it as it is there; kernel-shap, lime and occlusion take any`,
      );
  }
  return given.find(({ name }) => name === own.name) as FixedTensor;
}

function isAlike(one: InputTensor, other: InputTensor | undefined): boolean {
  const [ours = [], theirs = []] = [one, other].map((tensor) =>
    tensor?.datatype === 'BYTES' ? tensor.data : [tensor?.data ?? []],
  );
  return ours.every((bytes, at) => String(bytes) === String(theirs[at]));
}

function bytesOf(values: readonly unknown[]): FixedTensor['data'] {
  const data = allocateBytes(values.length * 4);
  new Float32Array(data.buffer, data.byteOffset, values.length).set(values.map(Number));
  return data;
}

async function rowOf(task: Task, asked: unknown): Promise<readonly InputTensor[]> {
  const [first] = Array.isArray(asked) && asked.length === 1 ? (asked as readonly unknown[]) : [asked];
  if (typeof first !== 'object' || first === null || (Array.isArray(first) && typeof first[0] === 'object'))
    throw wrongBaseline(`expected one row of columns, got ${shownJson(asked)}`);
  const { tensors } = await baselineInputs(task, first as Features);
  return tensors;
}

/** Of the elements of each of `count` vectors. */
function sumsOf(weights: Float64Array, count: number): Float64Array {
  const width = weights.length / count;
  const sums = new Float64Array(count);
  for (const [at, weight] of weights.entries()) {
    const vector = Math.floor(at / width);
    sums[vector] = (sums[vector] as number) + weight;
  }
  return sums;
}
