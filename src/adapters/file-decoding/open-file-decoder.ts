import { itemsInHand } from '../../core/items-in-hand.ts';
import { pictureTensor } from '../../core/pictures/picture-tensor.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { shapeBytes } from '../../protocol/shape-bytes.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { unpackTensor } from '../../protocol/unpack-tensor.ts';
import type { FileDecoding } from '../batch-manifest/batch-manifest.ts';
import { readNpy } from '../npy/read-npy.ts';
import { openPictureDecoder } from './open-picture-decoder.ts';
import { wavSound } from './wav-sound.ts';

/** Of the settings of pictures, as an example. */
const manifestPlace = 'the manifest, as "decode": {"kind": "image", "scale": 1}';

/**
 * A model's input from what a file holds. Throws, or rejects with, ServiceError 400 for a file that is not what was
 * said, 413 past a limit.
 */
export type DecodeFile = (bytes: Uint8Array) => Tensor | Promise<Tensor>;

/**
 * What makes the input of a file, as the manifest says, or as the input's type and shape do.
 * Rejects with ServiceError 400 where they do not go together.
 */
export async function openFileDecoder(input: RecordInput, given: FileDecoding | undefined): Promise<DecodeFile> {
  const decoding = given ?? defaultDecoding(input);
  switch (decoding.kind) {
    case 'bytes':
      return bytesDecoder(input);
    case 'image': {
      const tensors = pictureTensor(input, decoding, manifestPlace);
      const decode = await openPictureDecoder();
      return (bytes) => itemsInHand.run(async () => (await tensors.of(await decode(bytes))).tensor);
    }
    case 'wav':
      return wavDecoder(input, decoding);
    case 'raw':
      return rawDecoder(input);
    case 'npy':
      return (bytes) => fitted(input, npyTensor(bytes));
  }
}

function defaultDecoding({ name, datatype, shape }: RecordInput): FileDecoding {
  if (datatype === 'BYTES') return { kind: 'bytes' };
  if (shape.length === 3 && (datatype === 'UINT8' || datatype === 'FP32')) return { kind: 'image' };
  throw new ServiceError(
    400,
    `input '${name}' (${datatype}, [${shape}]): say in the manifest how a file becomes it: {"decode": {"kind": "image" | "wav" | "raw" | "npy"}}`,
  );
}

function bytesDecoder({ name, datatype, shape }: RecordInput): DecodeFile {
  if (datatype !== 'BYTES' || shape.some((size) => size > 1)) {
    throw new ServiceError(
      400,
      `input '${name}': a file's bytes fill one element of BYTES, and it takes ${datatype}, [${shape}]`,
    );
  }
  return (bytes) => ({ datatype, shape: shape.map(() => 1), data: [bytes] });
}

function wavDecoder(input: RecordInput, { sampleRate }: FileDecoding): DecodeFile {
  const { name, datatype } = input;
  if (datatype !== 'FP32') throw new ServiceError(400, `input '${name}': sound fills FP32, and it takes ${datatype}`);
  return (bytes) => {
    const sound = wavSound(bytes);
    if (sampleRate !== undefined && sound.sampleRate !== sampleRate) {
      throw new ServiceError(400, `expected ${sampleRate} samples a second, got ${sound.sampleRate}`);
    }
    const { buffer } = sound.read(0, sound.length);
    return fitted(input, { datatype, shape: [sound.length], data: new Uint8Array(buffer) });
  };
}

function rawDecoder({ name, datatype, shape }: RecordInput): DecodeFile {
  if (datatype === 'BYTES') throw new ServiceError(400, `input '${name}': raw files fill numbers, and it takes BYTES`);
  const free = shape.filter((size) => size < 0).length;
  if (free > 1)
    throw new ServiceError(
      400,
      `input '${name}': a raw file cannot say its sizes, and [${shape}] has ${free} free ones`,
    );
  const fixed = Math.abs(shapeBytes({ datatype, shape }));
  return (bytes) => {
    const size = fixed === 0 ? 0 : bytes.length / fixed;
    const isWhole = free === 1 ? Number.isInteger(size) : size === 1;
    if (isWhole)
      return unpackTensor(
        name,
        datatype,
        shape.map((each) => (each < 0 ? size : each)),
        bytes,
      );
    throw new ServiceError(
      400,
      `expected ${free === 1 ? 'a multiple of ' : ''}${fixed} bytes, ${datatype} of [${shape}], got ${bytes.length}`,
    );
  };
}

function npyTensor(bytes: Uint8Array): Tensor {
  try {
    return readNpy('the file', bytes);
  } catch (error) {
    throw new ServiceError(400, (error as Error).message);
  }
}

function fitted({ name, datatype, shape }: RecordInput, tensor: Tensor): Tensor {
  const fits =
    tensor.shape.length === shape.length && shape.every((size, axis) => size < 0 || size === tensor.shape[axis]);
  if (fits && tensor.datatype === datatype) return tensor;
  throw new ServiceError(
    400,
    `the model's input '${name}' takes ${datatype} of the shape [${shape}], got ${tensor.datatype} of the shape [${tensor.shape}]`,
  );
}
