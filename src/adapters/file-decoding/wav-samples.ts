import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import { ServiceError } from '../../protocol/service-error.ts';

interface WavSound {
  readonly sampleRate: number;
  /** From -1 to 1, as little-endian FP32. */
  readonly data: Uint8Array;
}

type ReadSample = (view: DataView, at: number) => number;

/** By format and bits: PCM (1) and IEEE float (3). Source: Microsoft, Multimedia Programming Interface and Data Specifications 1.0. */
const readers: Readonly<Record<string, ReadSample>> = {
  '1-8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1-16': (view, at) => view.getInt16(at, true) / 2 ** 15,
  '1-24': (view, at) => ((view.getUint8(at + 2) << 24) | (view.getUint16(at, true) << 8)) / 2 ** 31,
  '1-32': (view, at) => view.getInt32(at, true) / 2 ** 31,
  '3-32': (view, at) => view.getFloat32(at, true),
  '3-64': (view, at) => view.getFloat64(at, true),
};

const extensible = 0xfffe;

/** The samples of a WAV file of one channel. Throws ServiceError 400 for another, or one that is cut. */
export function wavSamples(bytes: Uint8Array): WavSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new ServiceError(400, 'expected a WAV file');
  let read: ReadSample | undefined;
  let width = 0;
  let sampleRate = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + size > bytes.length) throw new ServiceError(400, 'the WAV file ends within its data');
    if (name(at) === 'fmt ' && size >= 16) {
      const format = view.getUint16(start, true);
      const channels = view.getUint16(start + 2, true);
      const bits = view.getUint16(start + 14, true);
      if (channels !== 1) throw new ServiceError(400, `expected sound of one channel, got ${channels}`);
      const kind = format === extensible && size >= 26 ? view.getUint16(start + 24, true) : format;
      read = readers[`${kind}-${bits}`];
      if (!read) throw new ServiceError(400, `expected PCM or float samples, got format ${kind} of ${bits} bits`);
      width = bits / 8;
      sampleRate = view.getUint32(start + 4, true);
    }
    if (name(at) === 'data' && read) {
      const count = Math.floor(size / width);
      const data = allocateBytes(count * 4);
      const floats = new Float32Array(data.buffer, data.byteOffset, count);
      for (let index = 0; index < count; index += 1) floats[index] = read(view, start + index * width);
      return { sampleRate, data };
    }
    // Chunks begin at even bytes.
    at = start + size + (size % 2);
  }
  throw new ServiceError(400, 'the WAV file has no samples');
}
