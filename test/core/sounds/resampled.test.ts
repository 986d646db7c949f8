import { expect, test } from '@jest/globals';
import { resampled } from '../../../src/core/sounds/resampled.ts';
import type { Sound } from '../../../src/ports/sound.ts';

function soundOf(sampleRate: number, samples: readonly number[]): Sound {
  const read = (start: number, count: number) =>
    Float32Array.from({ length: count }, (_, index) => samples[start + index] ?? 0);
  return { sampleRate, length: samples.length, read };
}

const wave = Array.from({ length: 60 }, (_, n) => Math.sin(n * 0.3) + 0.25 * Math.cos(n * 1.1));

// What scipy.signal.resample_poly of SciPy 1.17 makes of the same: its first twelve samples, and its last two.
test.each([
  [
    48000,
    16000,
    20,
    [
      0.157875, 0.698209, 1.045594, 0.366408, -0.389725, -1.023468, -0.736916, -0.010955, 0.812888, 0.961841, 0.411833,
      -0.448239,
    ],
    [-0.511133, -0.963873],
  ],
  [
    44100,
    16000,
    22,
    [
      0.207671, 0.570533, 1.160014, 0.455511, -0.011546, -0.98357, -0.834865, -0.598961, 0.435291, 0.82256, 0.994307,
      0.262667,
    ],
    [-0.867016, -0.809791],
  ],
  [
    8000,
    16000,
    120,
    [
      0.250129, 0.363039, 0.409131, 0.41339, 0.417733, 0.452843, 0.536735, 0.677359, 0.855648, 1.036431, 1.17527,
      1.240852,
    ],
    [-1.032391, -0.532285],
  ],
])(
  'from %i to %i samples a second it is as SciPy has it, wherever it is read',
  async (from, to, length, begin, end) => {
    const sound = await resampled(soundOf(from, wave), to);
    expect([sound.sampleRate, sound.length]).toEqual([to, length]);
    const whole = [...sound.read(0, length)];
    expect(whole.slice(0, 12)).toEqual(begin.map((value) => expect.closeTo(value, 5)));
    expect(whole.slice(-2)).toEqual(end.map((value) => expect.closeTo(value, 5)));
    expect([...sound.read(-3, 6)]).toEqual([0, 0, 0, ...whole.slice(0, 3)]);
    expect([...sound.read(length - 2, 4)]).toEqual([...whole.slice(-2), 0, 0]);
    expect([...sound.read(5, 4)]).toEqual(whole.slice(5, 9));
  },
);

test('what is too high for the new rate is left out', async () => {
  const high = Array.from({ length: 480 }, (_, n) => Math.sin((2 * Math.PI * 15000 * n) / 48000));
  const samples = (await resampled(soundOf(48000, high), 16000)).read(20, 100);
  expect(Math.max(...samples.map(Math.abs))).toBeLessThan(0.01);
});

test('the same rate changes nothing, and one without a small ratio, or far below, is refused', async () => {
  const sound = soundOf(16000, wave);
  expect(await resampled(sound, 16000)).toBe(sound);
  await expect(resampled(soundOf(383_999, wave), 16000)).rejects.toThrow('the sound has 383999 samples a second');
  await expect(resampled(soundOf(999, wave), 16000)).rejects.toThrow('the sound has 999 samples a second');
  expect(await resampled(soundOf(1000, wave), 16000)).toMatchObject({ length: 960 });
});

test('a filter is made with turns for others, and once', async () => {
  const turnsWhile = async (from: number) => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await resampled(soundOf(from, wave), 16000);
    clearInterval(timer);
    return turns;
  };
  expect(await turnsWhile(19_997)).toBeGreaterThan(0);
  expect(await turnsWhile(19_997)).toBe(0);
});
