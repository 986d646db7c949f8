import type { Sound } from '../../ports/sound.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { expandALaw, expandMuLaw } from './expand-companded.ts';
import { kindOfFile } from './kind-of-file.ts';

type ReadSample = (view: DataView, at: number) => number;

/**
 * By format and bits: PCM (1), IEEE float (3), A-law (6) and µ-law (7). Source: Microsoft, Multimedia Programming
 * Interface and Data Specifications 1.0.
 */
const readers: Readonly<Record<string, ReadSample>> = {
  '1-8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1-16': (view, at) => view.getInt16(at, true) / 2 ** 15,
  '1-24': (view, at) => ((view.getUint8(at + 2) << 24) | (view.getUint16(at, true) << 8)) / 2 ** 31,
  '1-32': (view, at) => view.getInt32(at, true) / 2 ** 31,
  '3-32': (view, at) => view.getFloat32(at, true),
  '3-64': (view, at) => view.getFloat64(at, true),
  '6-8': (view, at) => expandALaw(view.getUint8(at)) / 2 ** 15,
  '7-8': (view, at) => expandMuLaw(view.getUint8(at)) / 2 ** 15,
};

/** What sound may come as, of which WAV alone is read. */
const kinds: Readonly<Record<string, RegExp>> = {
  WAV: /^(RIFF|RF64|BW64).{4}WAVE/s,
  FLAC: /^fLaC/,
  MP3: /^(ID3|\xff[\xe2-\xff])/,
  Ogg: /^OggS/,
  AIFF: /^FORM.{4}AIF/s,
  MP4: /^.{4}ftyp/s,
  WebM: /^.E\xdf\xa3/s,
};

const extensible = 0xfffe;
const mostChannels = 32;
const mostRate = 768_000;
// Recorders write a few before the samples; to look at millions takes seconds.
const mostChunks = 1000;
/** Floats may pass 1 where a recording is too loud; what is far beyond it is none. */
const mostLoud = 1e6;
const noSize = 0xffffffff;

interface SampleForm {
  readonly read: ReadSample;
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of a sample of one channel. */
  readonly width: number;
}

/**
 * A WAV file as sound; several channels become their mean. Throws ServiceError 400 for another file, or one that is
 * cut.
 */
export function wavSound(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const kind = kindOfFile(bytes, kinds);
  if (kind !== 'WAV')
    throw new ServiceError(
      400,
      `expected a WAV file, got ${kind}; convert it first, as by ffmpeg -i sound.mp3 sound.wav`,
    );
  const riffEnd = 8 + view.getUint32(4, true);
  let form: SampleForm | undefined;
  let longSize = noSize;
  let at = 12;
  for (let chunk = 0; chunk < mostChunks && at + 8 <= bytes.length; chunk += 1) {
    const start = at + 8;
    const given = view.getUint32(at + 4, true);
    const size = name(at) === 'data' ? dataSize(given === noSize ? longSize : given, riffEnd, start, bytes) : given;
    if (name(at) === 'ds64' && size >= 16) longSize = Number(view.getBigUint64(start + 8, true));
    if (start + size > bytes.length) throw new ServiceError(400, 'the WAV file ends within its data');
    if (name(at) === 'fmt ' && size >= 16) form = formAt(view, start, size);
    if (name(at) === 'data' && form) return soundOf(view, form, start, size);
    // Chunks begin at even bytes.
    at = start + size + (size % 2);
  }
  throw new ServiceError(400, 'the WAV file has no samples');
}

/**
 * The bytes of the samples, which are all that follow where they were not counted when the head went out into a pipe:
 * it says all ones (ffmpeg), 2 GiB less some bytes (sox, arecord), or that nothing follows.
 */
function dataSize(given: number, riffEnd: number, start: number, { length }: Uint8Array): number {
  const isNone = given === 0 && (riffEnd <= start || riffEnd === 8 + noSize);
  const isUnknown = isNone || given === noSize || (given >= 0x7fff0000 && given <= 0x80000000);
  return isUnknown ? length - start : given;
}

function formAt(view: DataView, start: number, size: number): SampleForm {
  const format = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const step = view.getUint16(start + 12, true);
  const bits = view.getUint16(start + 14, true);
  const kind = format === extensible && size >= 26 ? view.getUint16(start + 24, true) : format;
  const read = readers[`${kind}-${bits}`];
  if (!read)
    throw new ServiceError(400, `expected samples of PCM, float, A-law or µ-law, got format ${kind} of ${bits} bits`);
  if (channels < 1 || channels > mostChannels)
    throw new ServiceError(400, `expected sound of 1 to ${mostChannels} channels, got ${channels}`);
  const width = bits / 8;
  if (step !== channels * width)
    throw new ServiceError(
      400,
      `expected a block of ${channels * width} bytes, ${bits} bits for each of ${channels} channels, got ${step}; write the samples without room between them`,
    );
  if (sampleRate < 1 || sampleRate > mostRate)
    throw new ServiceError(400, `expected sound of 1 to ${mostRate} samples a second, got ${sampleRate}`);
  return { read, sampleRate, channels, width };
}

function soundOf(view: DataView, form: SampleForm, begin: number, size: number): Sound {
  const { read, sampleRate, channels, width } = form;
  const step = channels * width;
  const length = Math.floor(size / step);
  if (length === 0) throw new ServiceError(400, 'the WAV file has no samples');
  return {
    sampleRate,
    length,
    read: (start, count) => {
      const samples = new Float32Array(count);
      const last = Math.min(length, start + count);
      for (let index = Math.max(0, start); index < last; index += 1) {
        let sum = 0;
        for (let channel = 0; channel < channels; channel += 1)
          sum += read(view, begin + index * step + channel * width);
        const sample = sum / channels;
        // Models that go on from one window to the next would make nonsense of all that follows.
        if (!(Math.abs(sample) <= mostLoud))
          throw new ServiceError(400, `sample ${index} of the WAV file is ${sample}: expected numbers from -1 to 1`);
        samples[index - start] = sample;
      }
      return samples;
    },
  };
}
