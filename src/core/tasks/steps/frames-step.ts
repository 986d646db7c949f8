import type { StateTensor } from '../../../ports/model-store.ts';
import type { Sound } from '../../../ports/sound.ts';
import type { PreprocessStep } from '../../../ports/task.ts';
import { allocateBytes } from '../../../protocol/allocate-bytes.ts';
import type { InputTensor } from '../../../protocol/inference.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import type { ModelSignature } from '../../model-version.ts';
import { initialState } from '../../sequences/initial-state.ts';
import { withoutState } from '../../sequences/without-state.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

type Settings = NonNullable<PreprocessStep['frames']>;

/** Samples of what a window is made of. */
interface Sizes {
  readonly window: number;
  readonly hop: number;
  readonly context: number;
}

/**
 * A sound as windows of FP32, [batch, context and window], which the model takes one after the other; what it keeps
 * from one to the next is zeros at first. The last window has silence where the sound has ended. Throws an Error where
 * the model takes no such windows, or no step says the rate of the sound.
 */
export function framesStep(model: TaskModel, settings: Settings): Step<'sound', 'inputs'> {
  const { signature, rates } = model;
  if (rates.length === 0)
    throw new Error(
      'step frames: say how many samples a second the model takes, by {"resample": {"rates": [16000]}} before it',
    );
  const { state = usualState(signature) } = settings;
  const { inputs } = withoutState(signature, state, 'step frames: state');
  const rate = rateInput(inputs, settings.rate);
  const wave = waveInput(inputs.filter((input) => input !== rate));
  for (const each of rates) checkSize(wave, sizesAt(each, settings), each);
  const { make } = initialState({ state }, signature.inputs, 1);
  // A warm-up's zeros tell a model no rate that it knows: silero-vad takes them for the lowest.
  const least = sizesAt(Math.min(...rates), settings);
  return {
    takes: 'sound',
    gives: 'inputs',
    shapes: { [wave.name]: [1, least.context + least.window] },
    apply: (sound) => {
      const { sampleRate, length } = sound;
      const sizes = sizesAt(sampleRate, settings);
      const { hop } = sizes;
      const at = (index: number) => [
        waveTensor(wave, sound, index * hop, sizes),
        ...(rate ? [rateTensor(rate, sampleRate)] : []),
      ];
      // One more only for what no window before it has.
      const count = 1 + Math.max(0, Math.ceil((length - sizes.window) / hop));
      return { tensors: [], windows: { count, at, state, beginning: make, hop, samples: length, sampleRate } };
    },
  };
}

function sizesAt(rate: number, { windowMs, hopMs = windowMs, contextMs = 0 }: Settings): Sizes {
  const samples = (ms: number) => Math.round((ms * rate) / 1000);
  return { window: samples(windowMs), hop: Math.max(1, samples(hopMs)), context: samples(contextMs) };
}

/** The names that silero-vad's versions have. */
function usualState({ inputs, outputs }: ModelSignature): readonly StateTensor[] {
  return inputs.flatMap(({ name: input }) => {
    const output = outputs.find(({ name }) => name === `${input}N` || name === `${input}n`);
    return output ? [{ input, output: output.name }] : [];
  });
}

function rateInput(inputs: readonly TensorSpec[], name: string | undefined): TensorSpec | undefined {
  const isNumber = ({ datatype, shape }: TensorSpec) =>
    (datatype === 'INT64' || datatype === 'INT32') && shape.every((size) => size === 1 || size === -1);
  const found = inputs.find((input) => isNumber(input) && (name === undefined || input.name === name));
  if (!found && name !== undefined)
    throw new Error(`step frames: the samples a second fill an input of one whole number, and '${name}' is none`);
  return found;
}

function waveInput(inputs: readonly TensorSpec[]): TensorSpec {
  const [wave, ...more] = inputs;
  if (wave && more.length === 0 && wave.datatype === 'FP32' && wave.shape.length === 2 && (wave.shape[0] ?? 0) <= 1)
    return wave;
  const known = inputs.map(({ name, datatype, shape }) => `'${name}' (${datatype} [${shape}])`).join(', ');
  throw new Error(
    `step frames fills FP32 [batch, samples], and the model takes ${known || 'nothing'} beside its state and the samples a second`,
  );
}

function checkSize({ name, shape }: TensorSpec, { window, context }: Sizes, rate: number): void {
  const size = window + context;
  if (window > 0 && (shape[1] === -1 || shape[1] === size)) return;
  throw new Error(
    `step frames: a window has ${size} samples at ${rate} a second, ${context} of them before it, and input '${name}' takes [${shape}]`,
  );
}

function waveTensor({ name }: TensorSpec, sound: Sound, start: number, { window, context }: Sizes): InputTensor {
  const samples = sound.read(start - context, context + window);
  return { name, datatype: 'FP32', shape: [1, samples.length], data: new Uint8Array(samples.buffer) };
}

function rateTensor({ name, datatype, shape }: TensorSpec, rate: number): InputTensor {
  const ones = shape.map(() => 1);
  const data = allocateBytes(datatype === 'INT64' ? 8 : 4);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  if (datatype !== 'INT64') {
    view.setInt32(0, rate, true);
    return { name, datatype: 'INT32', shape: ones, data };
  }
  view.setBigInt64(0, BigInt(rate), true);
  return { name, datatype, shape: ones, data };
}
