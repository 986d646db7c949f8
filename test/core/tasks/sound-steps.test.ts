import { describe, expect, test } from '@jest/globals';
import { wavSound } from '../../../src/adapters/file-decoding/wav-sound.ts';
import type { ModelSignature } from '../../../src/core/model-version.ts';
import { noTimes } from '../../../src/core/no-times.ts';
import { findSpeech } from '../../../src/core/tasks/find-speech.ts';
import type { FoundSpeech } from '../../../src/core/tasks/flow.ts';
import { openTask } from '../../../src/core/tasks/open-task.ts';
import { runWindows } from '../../../src/core/tasks/run-windows.ts';
import type { Windows } from '../../../src/core/tasks/windows.ts';
import type { PredictionConfig } from '../../../src/ports/task.ts';
import type { TaskTools } from '../../../src/ports/task-tools.ts';
import type { InputTensor } from '../../../src/protocol/inference.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { wavFile } from '../../fakes/wav-file.ts';

const wave: TensorSpec = { name: 'input', datatype: 'FP32', shape: [-1, -1] };
const state: TensorSpec = { name: 'state', datatype: 'FP32', shape: [2, -1, 3] };
const rate: TensorSpec = { name: 'sr', datatype: 'INT64', shape: [] };
const probability: TensorSpec = { name: 'output', datatype: 'FP32', shape: [-1, 1] };
const next: TensorSpec = { ...state, name: 'stateN' };
const detector = [wave, state, rate];

function open(config: PredictionConfig, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]) {
  const signature: ModelSignature = { inputs, outputs, unservable: [], labels: new Map() };
  const tools = { sound: async () => wavSound } as unknown as TaskTools;
  return openTask(config, { signature, tools, readText: async () => '', limits: defaultLimits });
}

/** A WAV file of the samples 1, 2, 3, … in 32768ths. */
function counting(count: number, sampleRate = 16000): Uint8Array {
  const samples = Int16Array.from({ length: count }, (_, index) => index + 1);
  return wavFile(1, 16, new Uint8Array(samples.buffer), { rate: sampleRate });
}

function samplesOf(tensor: InputTensor | undefined): readonly number[] {
  const { data } = tensor as FixedTensor;
  return [...new Float32Array(data.slice().buffer)].map((value) => Math.round(value * 32768));
}

const noContext = { times: noTimes(), checkDeadline: () => {}, signal: () => new AbortController().signal };
const context = { ...noContext, checkOutput: () => {} };

describe('voice-activity-detection', () => {
  test.each([
    [16000, 1030, 512, 64, 3],
    [8000, 512, 256, 32, 2],
    [16000, 5, 512, 64, 1],
  ])('at %i a second takes windows with what is before them', async (sampleRate, length, window, before, count) => {
    const task = await open({ name: 'voice-activity-detection' }, detector, [probability, next]);
    // Silero-vad takes zeros, as a warm-up has them for its rate too, for the lowest.
    expect(task.preprocess.shapes).toEqual({ input: [1, 288] });
    const { windows } = await task.preprocess.apply(counting(length, sampleRate));
    expect(windows).toMatchObject({ count, hop: window, samples: length, sampleRate });
    const [first, its] = windows?.at(0) ?? [];
    expect(first).toMatchObject({ name: 'input', shape: [1, before + window] });
    expect(samplesOf(first).slice(before - 1, before + 2)).toEqual([0, 1, 2]);
    expect(its).toMatchObject({ name: 'sr', datatype: 'INT64', shape: [] });
    expect(new DataView((its as FixedTensor).data.slice().buffer).getBigInt64(0, true)).toBe(BigInt(sampleRate));
    if (count === 1) return;
    const later = samplesOf(windows?.at(1)[0]);
    expect([later[0], later.at(-1)]).toEqual([window - before + 1, Math.min(length, 2 * window)]);
    const last = samplesOf(windows?.at(count - 1)[0]);
    expect(last.slice(before).filter((value) => value !== 0)).toHaveLength(length - (count - 1) * window);
    expect(windows?.beginning()).toMatchObject([{ shape: [2, 1, 3], data: new Uint8Array(24) }]);
  });

  test('says where there is speech, and how probable it is', async () => {
    const task = await open({ name: 'voice-activity-detection' }, detector, [probability, next]);
    const { windows } = await task.preprocess.apply(counting(512 * 40));
    const row = Array.from({ length: 40 }, (_, index) => (index >= 10 && index < 30 ? 0.75 : 0));
    const tensors = new Map([['output', { ...floatTensor([40, 1], row), name: 'output' }]]);
    const given = { tensors, topK: undefined, placement: undefined, ...(windows && { windows }) };
    expect((await task.postprocess.apply(given)) as FoundSpeech).toEqual({
      speech: [{ start: (10 * 512 - 480) / 16000, end: (30 * 512 + 480) / 16000 }],
      probabilities: row,
      step_seconds: 0.032,
      seconds: 1.28,
    });
  });

  test.each<[PredictionConfig['preprocess'], readonly TensorSpec[], string]>([
    [[{ decodeSound: {} }, { frames: { windowMs: 32 } }], detector, 'say how many samples a second the model takes'],
    [
      [
        { decodeSound: {} },
        { resample: { rates: [16000] } },
        { frames: { windowMs: 32, state: [{ input: 'h', output: 'hn' }] } },
      ],
      detector,
      "step frames: state names the input 'h', which the model has not; it has 'input', 'state', 'sr'",
    ],
    [undefined, [wave, state, rate, { ...wave, name: 'more' }], "the model takes 'input' (FP32 [-1,-1]), 'more'"],
    [
      undefined,
      [{ ...wave, shape: [1, 512] }, state, rate],
      "a window has 576 samples at 16000 a second, 64 of them before it, and input 'input' takes [1,512]",
    ],
    [
      [{ decodeSound: {} }, { resample: { rates: [16000] } }, { frames: { windowMs: 32, rate: 'input' } }],
      detector,
      "the samples a second fill an input of one whole number, and 'input' is none",
    ],
  ])('%j does not fit a model of other inputs', async (preprocess, inputs, message) => {
    const config: PredictionConfig = { name: 'voice-activity-detection', ...(preprocess && { preprocess }) };
    await expect(open(config, inputs, [probability, next])).rejects.toThrow(message);
  });

  test('windows run one after the other, each with what the one before it left', async () => {
    const task = await open({ name: 'voice-activity-detection' }, detector, [probability, next]);
    const { windows } = await task.preprocess.apply(counting(512 * 40));
    let under = 0;
    const states: number[] = [];
    const run = async (inputs: readonly InputTensor[]) => {
      under += 1;
      expect(under).toBe(1);
      const [first, , kept] = inputs as readonly [InputTensor, InputTensor, FixedTensor];
      expect(inputs.map(({ name }) => name)).toEqual(['input', 'sr', 'state']);
      const before = new Float32Array(kept.data.slice().buffer)[0] as number;
      states.push(before);
      await Promise.resolve();
      under -= 1;
      context.times.inferMs = 2;
      const at = (samplesOf(first)[64] as number) / 512;
      return [
        { ...floatTensor([1, 1], [at]), name: 'output' },
        { ...floatTensor([2, 1, 3], [before + 1, 0, 0, 0, 0, 0]), name: 'stateN' },
      ];
    };
    let turns = 0;
    const counted = setInterval(() => (turns += 1), 0);
    const outputs = await runWindows(windows as Windows, run, context);
    clearInterval(counted);
    expect(states).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(outputs).toMatchObject([{ name: 'output', shape: [40, 1] }]);
    expect(turns).toBeGreaterThan(0);
    expect(context.times.inferMs).toBe(80);
    const late = {
      ...context,
      checkDeadline: () => {
        throw new Error('late');
      },
    };
    await expect(runWindows(windows as Windows, run, late)).rejects.toThrow('late');
    const caller = new AbortController();
    const left = { ...context, signal: () => caller.signal };
    const leaving = async (inputs: readonly InputTensor[]) => {
      if (states.length === 45) caller.abort();
      return run(inputs);
    };
    await expect(runWindows(windows as Windows, leaving, left)).rejects.toMatchObject({ status: 504 });
    expect(states).toHaveLength(46);
  });
});

describe('audio-classification', () => {
  const logits: TensorSpec = { name: 'logits', datatype: 'FP32', shape: [-1, 2] };

  test('takes all of a sound, at 16000 a second, and gives the classes', async () => {
    const task = await open({ name: 'audio-classification' }, [wave], [logits]);
    expect(task.preprocess.takes).toBe('file');
    const [tensor] = (await task.preprocess.apply(counting(4))).tensors;
    expect(tensor).toMatchObject({ name: 'input', shape: [1, 4] });
    expect(samplesOf(tensor)).toEqual([1, 2, 3, 4]);
    expect((await task.preprocess.apply(counting(300, 48000))).tensors).toMatchObject([{ shape: [1, 100] }]);
    const tensors = new Map([['logits', { ...floatTensor([1, 2], [0, 0]), name: 'logits' }]]);
    expect(await task.postprocess.apply({ tensors, topK: 1, placement: undefined })).toEqual([
      { label: '0', score: 0.5 },
    ]);
  });

  test('fills what is missing with silence, and refuses what is too long', async () => {
    const task = await open({ name: 'audio-classification' }, [{ ...wave, shape: [-1, 8] }], [logits]);
    expect(samplesOf((await task.preprocess.apply(counting(4))).tensors[0])).toEqual([1, 2, 3, 4, 0, 0, 0, 0]);
    await expect(task.preprocess.apply(counting(160))).rejects.toThrow(
      'the sound is 0.01 seconds long, and the model takes 0.00',
    );
    const free = await open({ name: 'audio-classification' }, [wave], [logits]);
    await expect(free.preprocess.apply(counting(1_000_000))).rejects.toThrow(
      'the sound is 62.50 seconds long, and the model takes 60.00 at once; send it in parts',
    );
    const preprocess = [{ decodeSound: { maxSeconds: 2 } }, { resample: { rates: [8000] } }, { wave: {} }];
    const short = await open({ name: 'audio-classification', preprocess }, [wave], [logits]);
    await expect(short.preprocess.apply(counting(48_000))).rejects.toThrow(
      'the sound is 3 seconds long, more than the 2 that are taken',
    );
  });

  test('makes a mean of 0 and a variance of 1 where that is asked for; silence stays silence', async () => {
    const preprocess = [{ decodeSound: {} }, { wave: { normalize: true } }];
    const task = await open({ name: 'audio-classification', preprocess }, [wave], [logits]);
    const values = async (samples: readonly number[]) => {
      const file = wavFile(1, 16, new Uint8Array(Int16Array.from(samples).buffer));
      return [...new Float32Array(((await task.preprocess.apply(file)).tensors[0] as FixedTensor).data.slice().buffer)];
    };
    expect(await values([0, 16384])).toEqual([expect.closeTo(-1, 5), expect.closeTo(1, 5)]);
    expect(await values([0, 0])).toEqual([0, 0]);
  });

  test('gives others their turn while it reads a sound', async () => {
    const preprocess = [{ decodeSound: {} }, { resample: { rates: [16000] } }, { wave: { normalize: true } }];
    const task = await open({ name: 'audio-classification', preprocess }, [wave], [logits]);
    await task.preprocess.apply(counting(48_000, 48_000));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const { tensors } = await task.preprocess.apply(counting(48_000 * 20, 48_000));
    clearInterval(timer);
    expect(tensors).toMatchObject([{ shape: [1, 320_000] }]);
    expect(turns).toBeGreaterThan(1);
  });

  test('of windows gives the mean', async () => {
    const config: PredictionConfig = {
      name: 'audio-classification',
      preprocess: [{ decodeSound: {} }, { resample: { rates: [16000] } }, { frames: { windowMs: 32, hopMs: 16 } }],
      postprocess: [{ average: {} }, { topK: {} }],
    };
    const task = await open(config, [wave], [logits]);
    const { windows } = await task.preprocess.apply(counting(1024));
    expect(windows).toMatchObject({ count: 3, hop: 256 });
    expect(samplesOf(windows?.at(1)[0])[0]).toBe(257);
    const tensors = new Map([['logits', { ...floatTensor([2, 2], [0, 1, 0.5, 0.5]), name: 'logits' }]]);
    expect(await task.postprocess.apply({ tensors, topK: undefined, placement: undefined })).toEqual([
      { label: '1', score: 0.75 },
      { label: '0', score: 0.25 },
    ]);
  });

  test('a model that takes no sound is refused', async () => {
    await expect(open({ name: 'audio-classification' }, [rate], [logits])).rejects.toThrow(
      "step wave fills FP32 [batch, samples], and input 'sr' takes INT64 []",
    );
  });
});

// What get_speech_timestamps of silero-vad 6 says of the same probabilities.
const usual = { hop: 512, samples: 512 * 60, threshold: 0.5, minSpeech: 4000, minSilence: 1600, pad: 480 };
const at = (...stretches: readonly (readonly [from: number, to: number, value: number])[]) =>
  Array.from({ length: 60 }, (_, index) => stretches.find(([from, to]) => index >= from && index < to)?.[2] ?? 0);

test.each([
  ['nothing', at(), []],
  ['too short', at([10, 17, 0.9]), []],
  ['to the end', at([50, 60, 0.9]), [{ start: 50 * 512 - 480, end: 60 * 512 }]],
  ['from the beginning', at([0, 20, 0.9]), [{ start: 0, end: 20 * 512 + 480 }]],
  ['a short pause', at([10, 20, 0.9], [22, 30, 0.9]), [{ start: 10 * 512 - 480, end: 30 * 512 + 480 }]],
  ['half sure', at([10, 20, 0.9], [20, 30, 0.4]), [{ start: 10 * 512 - 480, end: 30 * 512 + 480 }]],
  [
    'a long pause',
    at([10, 20, 0.9], [30, 40, 0.9]),
    [
      { start: 10 * 512 - 480, end: 20 * 512 + 480 },
      { start: 30 * 512 - 480, end: 40 * 512 + 480 },
    ],
  ],
])('of %s speech is what silero-vad says', (_name, probabilities, expected) => {
  expect(findSpeech(probabilities, usual)).toEqual(expected);
});

test('what is left between two stretches is shared', () => {
  const found = findSpeech(at([10, 20, 0.9], [30, 40, 0.9]), { ...usual, pad: 4000 });
  expect(found).toEqual([
    { start: 10 * 512 - 4000, end: 25 * 512 },
    { start: 25 * 512, end: 40 * 512 + 4000 },
  ]);
});
