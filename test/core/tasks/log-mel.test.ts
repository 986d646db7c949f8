import { describe, expect, test } from '@jest/globals';
import { wavSound } from '../../../src/adapters/file-decoding/wav-sound.ts';
import { atOnce } from '../../../src/core/pace/at-once.ts';
import { astSpectrum } from '../../../src/core/sounds/ast-spectrum.ts';
import { Fourier } from '../../../src/core/sounds/fourier.ts';
import { whisperSpectrum } from '../../../src/core/sounds/whisper-spectrum.ts';
import { openTask } from '../../../src/core/tasks/open-task.ts';
import type { PreprocessStep } from '../../../src/ports/task.ts';
import type { TaskTools } from '../../../src/ports/task-tools.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { wavFile } from '../../fakes/wav-file.ts';

/*
The numbers below are of this, with numpy 2.2.6:

import numpy as np
i = np.arange(8000)
x = (0.3 * np.sin(i * i * 4e-4) + 0.1 * np.sin(0.05 * i)).astype(np.float32).astype(np.float64)

def bands(count, low, high, bins, to_mel, to_hz, in_mel, area):
    mels = np.linspace(to_mel(low), to_mel(high), count + 2)
    hz = np.linspace(0, 8000, bins)
    at, edges = (to_mel(hz), mels) if in_mel else (hz, to_hz(mels))
    up = (at[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - at[None]) / (edges[2:] - edges[1:-1])[:, None]
    rows = np.maximum(0, np.minimum(up, down))
    return rows * (2 / (edges[2:] - edges[:-2]))[:, None] if area else rows

def slaney(f): return np.where(f < 1000, 3 * f / 200, 15 + np.log(np.maximum(f, 1e-9) / 1000) * 27 / np.log(6.4))
def slaney_hz(m): return np.where(m < 15, 200 * m / 3, 1000 * np.exp(np.log(6.4) / 27 * (m - 15)))
def kaldi(f): return 1127 * np.log(1 + f / 700)

def whisper(x, count, frames):
    x = np.pad(np.pad(x, (0, frames * 160 - len(x))), 200, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    power = np.abs(np.fft.rfft([x[t * 160 : t * 160 + 400] * window for t in range(frames)])) ** 2
    log = np.log10(np.maximum(1e-10, bands(count, 0, 8000, 201, slaney, slaney_hz, False, True) @ power.T))
    return (np.maximum(log, log.max() - 8) + 4) / 4

def ast(x, count, frames, mean=-4.2677393, std=4.5689974):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 399)
    rows = []
    for t in range(1 + (len(x) - 400) // 160):
        frame = x[t * 160 : t * 160 + 400]
        frame = frame - frame.mean()
        frame = frame - 0.97 * np.concatenate(([frame[0]], frame[:-1]))
        rows.append(np.abs(np.fft.rfft(frame * window, 512)) ** 2)
    log = np.log(np.maximum(2.0**-23, np.array(rows) @ bands(count, 20, 8000, 257, kaldi, None, True, False).T))
    return (np.pad(log, ((0, frames - len(rows)), (0, 0))) - mean) / (2 * std)

for made in whisper(x, 80, 100), ast(x, 128, 64):
    print(made.shape, [round(float(v), 5) for v in (made.sum(), (made**2).sum(), *made[::20, ::20].ravel())])
*/

/** Half a second that goes through all frequencies, and one that stays. */
const sweep = Float32Array.from({ length: 8000 }, (_, i) => 0.3 * Math.sin(i * i * 4e-4) + 0.1 * Math.sin(0.05 * i));

/** The sum, the sum of squares, and each twentieth value of each twentieth row. */
function extract(values: Float32Array, columns: number): readonly number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  const squares = values.reduce((all, value) => all + value * value, 0);
  const some = values.filter((_, index) => Math.floor(index / columns) % 20 === 0 && (index % columns) % 20 === 0);
  return [sum, squares, ...some];
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of expected.entries())
    expect(Math.abs((found[index] as number) - value)).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)));
}

describe('spectra of sounds', () => {
  test("Whisper's", () => {
    // biome-ignore format: one number beside the other
    const expected = [-4339.06742, 4276.30783, 1.23726, 0.23627, 0.2447, -0.74782, -0.74782, 0.12385, -0.74782, -0.74782, -0.74782, -0.74782, -0.21343, -0.74782, -0.74782, -0.74782, -0.74782, -0.52426, -0.74782, -0.41175, -0.74782, -0.74782];
    expectClose(extract(atOnce(whisperSpectrum(sweep, { bands: 80, frames: 100 })), 100), expected);
  });

  test("AST's", () => {
    // biome-ignore format: one number beside the other
    const expected = [-4226.77935, 7755.87117, -0.06608, 0.57977, -0.19181, -1.27759, -1.27759, -1.27759, -1.27759, -0.63682, -1.22883, -1.27759, -1.27759, -1.27759, -1.27759, 1.24774, -0.53823, -1.23403, -1.27759, -0.8682, 0.99606, -1.27759, -1.27759, 0.46703, 0.46703, 0.46703, 0.46703, 0.46703, 0.46703, 0.46703];
    const settings = { bands: 128, frames: 64, mean: -4.2677393, std: 4.5689974 };
    expectClose(extract(atOnce(astSpectrum(sweep, settings)), 128), expected);
  });

  test.each([1, 2, 7, 12, 400])('powers at %i frequencies are those of the definition', (length) => {
    const samples = Float64Array.from({ length }, (_, index) => Math.sin(index * index) + index / 7);
    const powers = new Fourier(length).powers(samples);
    expect(powers).toHaveLength(Math.floor(length / 2) + 1);
    for (const [bin, power] of powers.entries()) {
      let [real, imaginary] = [0, 0];
      for (const [index, sample] of samples.entries()) {
        real += sample * Math.cos((2 * Math.PI * bin * index) / length);
        imaginary -= sample * Math.sin((2 * Math.PI * bin * index) / length);
      }
      expect(Math.abs(power - real ** 2 - imaginary ** 2)).toBeLessThan(1e-9 * Math.max(1, power) * length);
    }
  });
});

describe('the step logMel', () => {
  const input = (...shape: readonly number[]): TensorSpec => ({ name: 'input_features', datatype: 'FP32', shape });
  const open = (spec: TensorSpec, logMel: PreprocessStep['logMel'], rate = 16000) => {
    const tools = { sound: async () => wavSound } as unknown as TaskTools;
    const outputs: readonly TensorSpec[] = [{ name: 'logits', datatype: 'FP32', shape: [-1, 2] }];
    const signature = { inputs: [spec], outputs, unservable: [], labels: new Map() };
    const preprocess = [{ decodeSound: {} }, { resample: { rates: [rate] } }, { logMel: logMel ?? { as: 'ast' } }];
    const parts = { signature, tools, readText: async () => '', limits: defaultLimits } as const;
    return openTask({ name: 'audio-classification', preprocess }, parts);
  };
  const wav = (samples: number) => wavFile(1, 16, new Uint8Array(2 * samples), { rate: 16000 });

  test.each([
    [input(-1, 80, 3000), { as: 'whisper' }, [1, 80, 3000]],
    [input(-1, -1, -1), { as: 'whisper', frames: 200 }, [1, 80, 200]],
    [input(1, -1, -1), { as: 'ast', bands: 64, frames: 50 }, [1, 50, 64]],
  ] as const)('fills %j as %j says', async (spec, logMel, shape) => {
    const { preprocess } = await open(spec, logMel);
    expect(preprocess.shapes).toEqual({ input_features: shape });
    const { tensors } = await preprocess.apply(wav(8000));
    expect(tensors).toMatchObject([{ name: 'input_features', datatype: 'FP32', shape }]);
    const { data } = tensors[0] as FixedTensor;
    expect(data).toHaveLength(4 * shape[0] * shape[1] * shape[2]);
  });

  test.each([
    [input(-1, 64, 3000), { as: 'whisper', bands: 80 }, 16000, 'here [1,80,3000], and input'],
    [input(-1, -1), { as: 'ast' }, 16000, 'step logMel as ast fills FP32 [batch, frames, bands]'],
    [input(-1, -1, -1), { as: 'ast' }, 8000, 'takes 16000 samples a second'],
  ] as const)('does not fit %j as %j says, at %i samples a second', async (spec, logMel, rate, words) => {
    await expect(open(spec, logMel, rate)).rejects.toThrow(words);
  });

  test.each([
    ['whisper', 16_001, 413, 'the sound is 1.00 seconds long, and the model takes 1.00 at once'],
    ['ast', 16_400, 413, 'the sound is 1.02 seconds long, and the model takes 1.02 at once'],
    ['ast', 399, 400, 'expected 0.025 at least'],
  ] as const)('as %s refuses a sound of %i samples', async (as, samples, status, message) => {
    const { preprocess } = await open(input(-1, -1, -1), { as, frames: 100 });
    await expect(async () => preprocess.apply(wav(samples))).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });
});
