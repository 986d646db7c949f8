import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import { openSessionWith } from '../../src/adapters/open-session.ts';
import type { Session } from '../../src/ports/session.ts';
import { elementBytes } from '../../src/protocol/element-bytes.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';

const data = join(import.meta.dirname, '../../../shared/testdata');
const paths = globSync('**/*.onnx', { cwd: data }).sort();
const open = openSessionWith('auto');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-round-trip-'));
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * Free sizes that are not 3, by folder, input and dimension: samples of a window, and words of the past with those that
 * are new.
 */
const sizesOf: Readonly<Record<string, number>> = { 'silero-vad input 1': 512, 'tinystories-260k attention_mask 1': 6 };

/** The one number that is no tensor of several. */
const sampleRate = 16_000;

/** Elements that every model of the test data takes, of which no two are equal where they are numbers. */
function feed({ name, datatype, shape }: TensorSpec, folderName: string): Tensor {
  // Three of whatever is free: rows, and steps of a sequence.
  const sizes = shape.map((size, axis) => (size === -1 ? (sizesOf[`${folderName} ${name} ${axis}`] ?? 3) : size));
  const count = sizes.reduce((product, size) => product * size, 1);
  if (datatype === 'BYTES')
    return {
      datatype,
      shape: sizes,
      data: Array.from({ length: count }, (_item, index) => Buffer.from(`my card ${index}`)),
    };
  const bytes = Buffer.alloc(count * elementBytes[datatype]);
  for (let index = 0; index < count; index += 1) {
    if (datatype === 'FP32') bytes.writeFloatLE(Math.sin(index), 4 * index);
    else if (datatype === 'FP16') bytes.writeUInt16LE(0x3000 + (index % 1024), 2 * index);
    else if (datatype === 'INT64')
      bytes.writeBigInt64LE(BigInt(sizes.length === 0 ? sampleRate : index % 2), 8 * index);
    else if (datatype === 'INT32') bytes.writeInt32LE(index % 2, 4 * index);
    else bytes[index * elementBytes[datatype]] = index % 2;
  }
  return { datatype, shape: sizes, data: bytes };
}

async function answers(path: string, folderName: string): Promise<unknown> {
  const session: Session = await open(path, { intraOpThreads: 1 });
  try {
    const run = {
      inputs: session.inputs.map((spec) => feed(spec, folderName)),
      inputNames: session.inputs.map(({ name }) => name),
      outputNames: session.outputs.map(({ name }) => name),
    };
    const outputs = await session.run(run);
    return outputs.map(({ datatype, shape, data: elements }) => ({
      datatype,
      shape,
      data:
        datatype === 'BYTES'
          ? elements.map((each) => Buffer.from(each).toString())
          : Buffer.from(elements).toString('base64'),
    }));
  } finally {
    await session.release();
  }
}

test.each(paths)(
  '%s answers bit for bit the same when it was read and written',
  async (path) => {
    const model = await openOnnxModel(join(data, path));
    const folderName = dirname(path);
    const before = await answers(join(data, path), folderName);
    for (const externalData of [false, true]) {
      const written = join(folder, `${externalData}.onnx`);
      const files = await writeOnnxModel(model, written, { externalData });
      expect(files).toHaveLength(files.includes(`${written}.data`) ? 2 : 1);
      expect(await answers(written, folderName)).toEqual(before);
      // What was written is written again as it is.
      const again = join(folder, 'again.onnx');
      await writeOnnxModel(await openOnnxModel(written), again, { externalData });
      expect(await answers(again, folderName)).toEqual(before);
    }
  },
  120_000,
);
