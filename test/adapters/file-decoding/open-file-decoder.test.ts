import { describe, expect, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { FileDecoding } from '../../../src/adapters/batch-manifest/batch-manifest.ts';
import { openFileDecoder } from '../../../src/adapters/file-decoding/open-file-decoder.ts';
import { wavFile as wav } from '../../fakes/wav-file.ts';
import { npy } from '../npy/npy.ts';
import { input } from '../record-formats/read-records.ts';
import { valuesOf } from '../record-formats/values-of.ts';

const colors = [0, 37, 74, 111, 148, 185, 222, 3, 40, 77, 114, 151];
const raw = { width: 2, height: 2, channels: 3 } as const;

/** Two by two pixels; the last is see-through. */
function picture(): Sharp {
  const pixels = [0, 1, 2, 3].flatMap((at) => [...colors.slice(at * 3, at * 3 + 3), at === 3 ? 0 : 255]);
  return sharp(Uint8Array.from(pixels), { raw: { ...raw, channels: 4 } });
}

function plain(value: number, width = 8, height = 8): Sharp {
  return sharp(new Uint8Array(width * height * 3).fill(value), { raw: { width, height, channels: 3 } });
}

const tall = input('image', 'UINT8', [2, 2, 3]);
const sound = input('sound', 'FP32', [-1]);

async function decoded(wanted: ReturnType<typeof input>, decoding: FileDecoding | undefined, bytes: Uint8Array) {
  return (await openFileDecoder(wanted, decoding))(bytes);
}

describe('a picture', () => {
  const files = {
    PNG: () => picture().png().toBuffer(),
    WebP: () => picture().webp({ lossless: true, exact: true }).toBuffer(),
  };

  test.each(Object.entries(files))('of a %s file fills bytes as it is, without transparency', async (_kind, file) => {
    const tensor = await decoded(tall, undefined, await file());
    expect(tensor).toMatchObject({ datatype: 'UINT8', shape: [2, 2, 3] });
    expect(valuesOf(tensor)).toEqual(colors);
  });

  test('fills floats channel by channel, scaled', async () => {
    const decoding: FileDecoding = { kind: 'image', scale: 0.5, mean: [1, 2, 3], std: [2, 2, 4] };
    const tensor = await decoded(input('x', 'FP32', [3, 2, 2]), decoding, await files.PNG());
    expect(tensor.shape).toEqual([3, 2, 2]);
    const [red, green, blue] = [
      [0, 111, 222, 77],
      [37, 148, 3, 114],
      [74, 185, 40, 151],
    ] as const;
    expect(valuesOf(tensor)).toEqual([
      ...red.map((value) => (value * 0.5 - 1) / 2),
      ...green.map((value) => (value * 0.5 - 2) / 2),
      ...blue.map((value) => (value * 0.5 - 3) / 4),
    ]);
  });

  test('becomes grey where the input has one channel, and colour where it has three', async () => {
    // As Pillow's convert('L').
    const grey = valuesOf(await decoded(input('x', 'UINT8', [2, 2, 1]), undefined, await files.PNG()));
    expect(grey).toEqual([30, 141, 73, 107]);
    const wide = { width: 3, height: 1, channels: 1 } as const;
    const deep = sharp(Uint16Array.of(0, 37 * 257, 65535), { raw: wide })
      .toColourspace('grey16')
      .png();
    const values = valuesOf(await decoded(input('x', 'UINT8', [1, 3, 3]), undefined, await deep.toBuffer()));
    expect(values).toEqual([0, 0, 0, 37, 37, 37, 255, 255, 255]);
  });

  test("keeps its size where the input takes any, and takes the input's otherwise", async () => {
    const png = await files.PNG();
    expect((await decoded(input('x', 'UINT8', [-1, -1, 3]), undefined, png)).shape).toEqual([2, 2, 3]);
    expect((await decoded(input('x', 'UINT8', [4, 6, 3]), undefined, png)).shape).toEqual([4, 6, 3]);
  });

  test('may be a JPEG, also one of printing inks', async () => {
    const bytes = await plain(200).jpeg({ quality: 95 }).toBuffer();
    expect(valuesOf(await decoded(tall, undefined, bytes))).toEqual(new Array(12).fill(200));
    await expect(decoded(tall, undefined, bytes.subarray(0, bytes.length - 40))).rejects.toThrow(
      'the JPEG picture does not decode',
    );
    // A fifth of black, which Pillow makes the grey of 194, and profiles one of 200.
    const inks = await plain(200).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect(valuesOf(await decoded(tall, undefined, inks))).toEqual(new Array(12).fill(194));
  });

  test('stands as its EXIF says', async () => {
    const row = sharp(Uint8Array.from(colors.slice(0, 6)), { raw: { ...raw, height: 1 } });
    const turned = await row.withMetadata({ orientation: 6 }).png().toBuffer();
    const tensor = await decoded(input('x', 'UINT8', [-1, -1, 3]), undefined, turned);
    expect(tensor.shape).toEqual([2, 1, 3]);
    expect(valuesOf(tensor)).toEqual(colors.slice(0, 6));
  });

  test('that moves is its first frame', async () => {
    const frames = await Promise.all([200, 100].map((value) => plain(value).png().toBuffer()));
    const moving = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(2);
    const tensor = await decoded(input('x', 'UINT8', [-1, -1, 3]), undefined, moving);
    expect(tensor.shape).toEqual([8, 8, 3]);
    expect(valuesOf(tensor)).toEqual(new Array(192).fill(200));
  });

  test.each([
    ['text', async () => Buffer.from('hello'), 'expected a JPEG, PNG or WebP picture, got something else'],
    ['a GIF', async () => Buffer.from('GIF89a....'), 'expected a JPEG, PNG or WebP picture, got GIF'],
    ['a PNG that was cut', async () => (await files.PNG()).subarray(0, 50), 'the PNG picture does not decode'],
    [
      'a WebP that was cut',
      async () => (await plain(200).webp().toBuffer()).subarray(0, 40),
      'the WebP picture does not decode',
    ],
    ['nothing', async () => new Uint8Array(0), 'expected a JPEG, PNG or WebP picture, got nothing'],
  ])('is not %s', async (_name, file, message) => {
    await expect(decoded(tall, undefined, await file())).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(message),
    });
  });

  test('of too many pixels is refused by what its header says', async () => {
    const refused = {
      status: 413,
      message: expect.stringMatching(/^the picture is 50000 x 50000 pixels, more than the 50000000 /),
    };
    const bytes = await files.PNG();
    bytes.writeUInt32BE(50_000, 16);
    bytes.writeUInt32BE(50_000, 20);
    await expect(decoded(tall, undefined, bytes)).rejects.toMatchObject(refused);
    const large = await plain(200).jpeg().toBuffer();
    const frame = large.indexOf(Buffer.from([0xff, 0xc0]));
    large.writeUInt16BE(50_000, frame + 5);
    large.writeUInt16BE(50_000, frame + 7);
    await expect(decoded(tall, undefined, large)).rejects.toMatchObject(refused);
  });

  test('of which much is wrong is told by what comes first', async () => {
    const bytes = await plain(200).jpeg({ progressive: true }).toBuffer();
    const [from, end] = [bytes.lastIndexOf(Buffer.from([0xff, 0xda])), bytes.lastIndexOf(Buffer.from([0xff, 0xd9]))];
    const scans = Array.from({ length: 50 }, () => bytes.subarray(from, end));
    const file = Buffer.concat([bytes.subarray(0, end), ...scans, bytes.subarray(end)]);
    await expect(decoded(tall, undefined, file)).rejects.toThrow(
      /^the JPEG picture does not decode: VipsJpeg: .{1,100}$/,
    );
  });

  test('of a side of millions of pixels is refused before it is decoded', async () => {
    const bytes = await files.PNG();
    bytes.writeUInt32BE(49_999_999, 16);
    bytes.writeUInt32BE(1, 20);
    await expect(decoded(tall, undefined, bytes)).rejects.toMatchObject({
      status: 413,
      message: expect.stringMatching(/^the picture is 49999999 x 1 pixels, and no side may have more than 65535; /),
    });
  });

  test.each([
    [
      input('x', 'FP32', [3, 2, 2]),
      { kind: 'image' },
      `1 leaves them 0 to 255; say it in the manifest, as "decode": {"kind": "image", "scale": 1}`,
    ],
    [
      input('x', 'UINT8', [2, 2, 3]),
      { kind: 'image', scale: 1 },
      "input 'x' is UINT8, which takes the values 0 to 255 as they are",
    ],
    [input('x', 'UINT8', [2, 2, 4]), { kind: 'image' }, 'a picture fills [height, width, 3] or [3, height, width]'],
    [input('x', 'INT64', [2, 2, 3]), { kind: 'image' }, 'a picture fills UINT8 or FP32, and it takes INT64'],
  ] as const)('cannot fill %j by %j', async (wanted, decoding, message) => {
    await expect(openFileDecoder(wanted, decoding)).rejects.toThrow(message);
  });
});

describe('sound', () => {
  test.each([
    [1, 8, Uint8Array.of(0, 128, 192), [-1, 0, 0.5]],
    [1, 16, new Uint8Array(Int16Array.of(-32768, 16384).buffer), [-1, 0.5]],
    [1, 24, Uint8Array.of(0, 0, 0x80, 0, 0, 0x40), [-1, 0.5]],
    [1, 32, new Uint8Array(Int32Array.of(-(2 ** 31), 2 ** 30).buffer), [-1, 0.5]],
    [3, 32, new Uint8Array(Float32Array.of(0.25).buffer), [0.25]],
    [3, 64, new Uint8Array(Float64Array.of(0.25).buffer), [0.25]],
    [6, 8, Uint8Array.of(0xd5, 0x2a, 0xaa), [8 / 32768, -32256 / 32768, 32256 / 32768]],
    [7, 8, Uint8Array.of(0xff, 0x00, 0x80), [0, -32124 / 32768, 32124 / 32768]],
  ])('of format %d and %d bits becomes samples from -1 to 1', async (format, bits, data, expected) => {
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, wav(format, bits, data)))).toEqual(expected);
  });

  test('of two channels becomes their mean', async () => {
    const stereo = new Uint8Array(Int16Array.of(16384, 0, -16384, -16384).buffer);
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, wav(1, 16, stereo, { channels: 2 })))).toEqual([0.25, -0.5]);
  });

  test.each([
    ['ffmpeg', { size: 0xffffffff, riffSize: 0xffffffff }],
    ['sox', { size: 0x7ffff000, riffSize: 0x7ffff024 }],
    ['whoever writes zeros', { size: 0, riffSize: 0 }],
    ['whoever counts the head alone', { size: 0, riffSize: 36 }],
    ['whoever counts nothing', { size: 0, riffSize: 0xffffffff }],
    ['ffmpeg -rf64 always', { kind: 'RF64', size: 0xffffffff, riffSize: 0xffffffff, longSize: 0 }],
  ] as const)('that went into a pipe goes to its end, as %s writes it', async (_who, sizes) => {
    const stream = wav(1, 16, new Uint8Array(Int16Array.of(16384, 0).buffer), sizes);
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, stream))).toEqual([0.5, 0]);
  });

  test.each(['RF64', 'BW64'] as const)('whose kind is %s has as many samples as its 64 bits say', async (kind) => {
    const sizes = { kind, size: 0xffffffff, riffSize: 0xffffffff };
    const file = wav(1, 16, new Uint8Array(Int16Array.of(16384, 0, 1).buffer), { ...sizes, longSize: 4 });
    expect(valuesOf(await decoded(sound, { kind: 'wav' }, file))).toEqual([0.5, 0]);
    const cut = wav(1, 16, new Uint8Array(4), { ...sizes, longSize: 2 ** 33 });
    await expect(decoded(sound, { kind: 'wav' }, cut)).rejects.toThrow('the WAV file ends within its data');
  });

  test.each([
    [wav(1, 16, new Uint8Array(4), { channels: 0 }), 'expected sound of 1 to 32 channels, got 0'],
    [wav(1, 16, new Uint8Array(4), { rate: 0 }), 'expected sound of 1 to 768000 samples a second, got 0'],
    [
      wav(1, 24, new Uint8Array(16), { step: 4 }),
      'expected a block of 3 bytes, 24 bits for each of 1 channels, got 4; write the samples without room between them',
    ],
    [wav(1, 16, new Uint8Array(0)), 'the WAV file has no samples'],
    // What follows is another chunk.
    [wav(1, 16, new Uint8Array(12), { size: 0, riffSize: 48 }), 'the WAV file has no samples'],
    [
      Buffer.concat([
        wav(1, 16, new Uint8Array(4)).subarray(0, 36),
        Buffer.alloc(8 * 1000),
        wav(1, 16, new Uint8Array(4)).subarray(36),
      ]),
      'the WAV file has no samples',
    ],
    [wav(1, 16, new Uint8Array(4), { rate: 8000 }), 'expected 16000 samples a second, got 8000'],
    [wav(85, 16, new Uint8Array(4)), 'expected samples of PCM, float, A-law or µ-law, got format 85 of 16 bits'],
    [wav(1, 16, new Uint8Array(4)).subarray(0, 46), 'the WAV file ends within its data'],
    [wav(3, 32, new Uint8Array(Float32Array.of(0.5, Number.NaN).buffer)), 'sample 1 of the WAV file is NaN'],
    [wav(3, 32, new Uint8Array(Float32Array.of(-1e30).buffer)), 'sample 0 of the WAV file is -1.0000000150474662e+30'],
    [Buffer.from('hello'), 'expected a WAV file, got something else; convert it first'],
    [Buffer.from('fLaC\0\0\0\x22'), 'expected a WAV file, got FLAC; convert it first'],
    [Uint8Array.of(0xff, 0xfb, 0x90, 0), 'expected a WAV file, got MP3;'],
  ])('is refused where it is another', async (bytes, message) => {
    await expect(decoded(sound, { kind: 'wav', sampleRate: 16000 }, bytes)).rejects.toThrow(message);
  });
});

describe('other files', () => {
  test('fill an input of BYTES as they are', async () => {
    expect(valuesOf(await decoded(input('x', 'BYTES'), undefined, Buffer.from('as it is\n')))).toEqual(['as it is\n']);
  });

  test('fill numbers by their bytes, in the size that the input leaves free', async () => {
    const bytes = new Uint8Array(Int32Array.of(1, 2, 3, 4).buffer);
    const tensor = await decoded(input('x', 'INT32', [-1, 2]), { kind: 'raw' }, bytes);
    expect(tensor.shape).toEqual([2, 2]);
    expect(valuesOf(tensor)).toEqual([1, 2, 3, 4]);
    await expect(decoded(input('x', 'INT32', [2]), { kind: 'raw' }, bytes)).rejects.toThrow(
      'expected 8 bytes, INT32 of [2], got 16',
    );
  });

  test('fill an input by their array', async () => {
    const array = npy('<f4', '2,', new Uint8Array(Float32Array.of(1, 2).buffer));
    expect(valuesOf(await decoded(input('x', 'FP32', [2]), { kind: 'npy' }, array))).toEqual([1, 2]);
    await expect(decoded(input('x', 'FP32', [3]), { kind: 'npy' }, array)).rejects.toThrow(
      "the model's input 'x' takes FP32 of the shape [3], got FP32 of the shape [2]",
    );
    await expect(decoded(input('x', 'FP32', [3]), { kind: 'npy' }, Buffer.from('a'))).rejects.toThrow(
      'is no .npy file',
    );
  });

  test('need to be told what they are where the input does not say it', async () => {
    await expect(openFileDecoder(sound, undefined)).rejects.toThrow(
      "input 'sound' (FP32, [-1]): say in the manifest how a file becomes it",
    );
  });
});
