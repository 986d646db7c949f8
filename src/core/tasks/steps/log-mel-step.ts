import type { PreprocessStep } from '../../../ports/task.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import { inTurns } from '../../pace/in-turns.ts';
import { astFrames, astSpectrum } from '../../sounds/ast-spectrum.ts';
import { readSound } from '../../sounds/read-sound.ts';
import { spectrumForm } from '../../sounds/spectrum-form.ts';
import { whisperSpectrum } from '../../sounds/whisper-spectrum.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { onlyInput } from './only-input.ts';

const { rate, frame, hop } = spectrumForm;
/** Of the extractors of Hugging Face, where neither the step nor the input says it. */
const usual = { whisper: { bands: 80, frames: 3000 }, ast: { bands: 128, frames: 1024 } };
/** Of AudioSet. */
const [usualMean, usualStd] = [-4.2677393, 4.5689974];

/**
 * A sound's spectrum as the model's one input of FP32, [batch, bands, frames] as Whisper takes it, or [batch, frames,
 * bands] as AST does. What is shorter has silence behind it, what is longer is refused. Throws an Error where the model
 * takes no sound so.
 */
export function logMelStep(model: TaskModel, settings: NonNullable<PreprocessStep['logMel']>): Step<'sound', 'inputs'> {
  const { as, mean = usualMean, std = usualStd } = settings;
  const { name, datatype, shape } = onlyInput(model, 'logMel');
  if (model.rates.some((each) => each !== rate) || model.rates.length === 0)
    throw new Error(`step logMel takes ${rate} samples a second: put {"resample": {"rates": [${rate}]}} before it`);
  const order = as === 'whisper' ? (['bands', 'frames'] as const) : (['frames', 'bands'] as const);
  const size = (what: 'bands' | 'frames') => {
    const own = shape[1 + order.indexOf(what)] ?? -1;
    return settings[what] ?? (own > 0 ? own : usual[as][what]);
  };
  const sizes = { bands: size('bands'), frames: size('frames') };
  const filled = [1, ...order.map((what) => sizes[what])];
  const fits = shape.length === 3 && shape.every((each, place) => each === -1 || each === filled[place]);
  if (datatype !== 'FP32' || !fits)
    throw new Error(
      `step logMel as ${as} fills FP32 [batch, ${order.join(', ')}], here [${filled}], and input '${name}' takes ${datatype} [${shape}]`,
    );
  return {
    takes: 'sound',
    gives: 'inputs',
    shapes: { [name]: filled },
    apply: async (sound) => {
      checkLength(sound.length, as, sizes.frames);
      const samples = await inTurns(readSound(sound));
      const spectrum = await inTurns(
        as === 'whisper' ? whisperSpectrum(samples, sizes) : astSpectrum(samples, { ...sizes, mean, std }),
      );
      return { tensors: [{ name, datatype, shape: filled, data: new Uint8Array(spectrum.buffer) }] };
    },
  };
}

function checkLength(samples: number, as: 'whisper' | 'ast', frames: number): void {
  const most = as === 'whisper' ? frames * hop : frame + frames * hop - 1;
  const [has, may] = [samples, most].map((each) => (each / rate).toFixed(2));
  if (samples > most)
    throw new ServiceError(
      413,
      `the sound is ${has} seconds long, and the model takes ${may} at once; send it in parts`,
    );
  if (as === 'ast' && astFrames(samples) === 0)
    throw new ServiceError(400, `the sound is ${has} seconds long; expected ${frame / rate} at least`);
}
