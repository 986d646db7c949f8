import { truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openOnnxModel } from '../../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../../src/adapters/onnx-files/write-onnx-model.ts';
import { decoderBytes } from '../../../src/adapters/onnx-native/decoder/decoder-bytes.ts';
import { openNativeSession } from '../../../src/adapters/onnx-native/open-native-session.ts';
import { writePrepared } from '../../../src/adapters/onnx-native/write-prepared.ts';
import { decoderLayout } from '../../../src/core/generation/decoder-layout.ts';
import { firstLogits } from '../../../src/graph/first-logits.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { type DecoderForm, decoderGraph } from '../../fakes/decoder-graph.ts';
import { removeModels, writeModel } from '../models.ts';

const sizes = { layers: 1, width: 64, hidden: 96, heads: 4, cacheHeads: 2, vocabulary: 97, positions: 50 };
const mostBytes = 1024 * 1024;
const forms: readonly DecoderForm[] = [
  { attention: 'concat' },
  { attention: 'grouped' },
  { attention: 'grouped', weights: 'INT4' },
];

afterAll(removeModels);

test.each(forms)('weights beside the model stay there, and it answers as it did: %j', async (form) => {
  const path = writeModel(decoderGraph(sizes, form));
  const expected = await logitsOf(path, form, { isDecoder: false });
  await writeOnnxModel(await openOnnxModel(path), path, { externalData: true });
  const model = await readModel(bytesAccess((await decoderBytes(path, mostBytes)) as Uint8Array));
  expect(model.graph.inputs.map(({ name }) => name)).toContain(firstLogits);
  const outside = [...model.graph.initializers.values()].filter(({ location }) => location === 'model.onnx.data');
  expect(outside.length).toBeGreaterThan(8);
  expect(apart(await logitsOf(path, form, { isDecoder: true }), expected)).toBeLessThan(1e-5);
});

test.each(forms)('a prepared form takes it too: %j', async (form) => {
  const path = writeModel(decoderGraph(sizes, form));
  const expected = await logitsOf(path, form, { isDecoder: false });
  await writePrepared(path, dirname(path), true);
  expect(apart(await logitsOf(path, form, { isDecoder: true, isPrepared: true }), expected)).toBeLessThan(1e-5);
});

test('a file that is larger than it may be is not read', async () => {
  const path = writeModel(decoderGraph(sizes, { attention: 'concat' }));
  expect(await decoderBytes(path, mostBytes)).toBeDefined();
  await truncate(path, mostBytes + 1);
  expect(await decoderBytes(path, mostBytes)).toBeUndefined();
});

test('what the runtime has against a decoder is told of its file', async () => {
  const graph = decoderGraph(sizes, { attention: 'concat' });
  const path = writeModel({
    ...graph,
    nodes: graph.nodes.map((node) => (node.op === 'Add' ? { ...node, op: 'Ad' } : node)),
  });
  await expect(openNativeSession(path, { intraOpThreads: 1, isDecoder: true })).rejects.toThrow(/Ad\b/);
});

/** The logits behind a prompt. */
async function logitsOf(
  path: string,
  { attention }: DecoderForm,
  options: { readonly isDecoder: boolean; readonly isPrepared?: boolean },
): Promise<Float32Array> {
  const session = await openNativeSession(path, { intraOpThreads: 1, ...options });
  // What is missing is told only where this input is known.
  const place = { datatype: 'INT64', shape: [1], data: new Uint8Array(8) } as const;
  const told = session.run({ inputs: [place], inputNames: [firstLogits], outputNames: ['logits'] });
  await expect(told).rejects.toThrow(options.isDecoder ? 'Missing Input' : firstLogits);
  const operators = attention === 'grouped' ? ['com.microsoft.GroupQueryAttention'] : [];
  const { inputs, outputs } = session;
  const decoder = await session.openDecoder(decoderLayout({ inputs, outputs, operators }, sizes.positions), 1e6);
  const cache = decoder.open();
  const [logits] = await decoder.run([{ cache, tokens: [3, 1, 4, 1, 5, 9] }]);
  const copy = Float32Array.from(logits as Float32Array);
  cache.release();
  decoder.release();
  await session.release();
  return copy;
}

function apart(one: Float32Array, other: Float32Array): number {
  return Math.max(...one.map((number, place) => Math.abs(number - (other[place] as number))));
}
