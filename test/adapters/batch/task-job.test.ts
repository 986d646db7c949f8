import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { locateFile } from '../../../src/adapters/batch/locate-file.ts';
import { openBatch } from '../../../src/adapters/batch/open-batch.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { openModelStore } from '../../../src/adapters/open-model-store.ts';
import type { BatchSettings } from '../../../src/core/batch/batch-plan.ts';
import { runJob } from '../../../src/core/batch/run-job.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { pieceTokenizer } from '../../fakes/piece-tokenizer.ts';
import { wavFile } from '../../fakes/wav-file.ts';

const batch = (name: string, datatype: 'FP32' | 'INT32' | 'INT64', size: number | string) => ({
  name,
  datatype,
  shape: ['n', size],
});
const cast = (input: string): OnnxGraph['nodes'][number] => ({
  op: 'Cast',
  inputs: [input],
  outputs: ['y'],
  attributes: { to: 1 },
});

/** What each gives is what it takes, as floats: a file's first two bytes, columns, tokens. */
const graphs: Readonly<Record<string, OnnxGraph>> = {
  files: { inputs: [batch('x', 'INT32', 2)], outputs: [batch('y', 'FP32', 2)], nodes: [cast('x')] },
  columns: {
    inputs: [batch('size', 'FP32', 1), batch('kind', 'INT64', 2)],
    outputs: [batch('y', 'FP32', 3)],
    nodes: [
      { op: 'Cast', inputs: ['kind'], outputs: ['k'], attributes: { to: 1 } },
      { op: 'Concat', inputs: ['size', 'k'], outputs: ['y'], attributes: { axis: 1 } },
    ],
  },
  texts: { inputs: [batch('input_ids', 'INT64', 'm')], outputs: [batch('y', 'FP32', 'm')], nodes: [cast('input_ids')] },
  // Of three tokens: [CLS], a word, [SEP].
  alike: {
    inputs: [batch('input_ids', 'INT64', 'm')],
    outputs: [batch('y', 'FP32', 'm')],
    nodes: [cast('input_ids')],
  },
  sounds: {
    inputs: [batch('wave', 'FP32', 'm')],
    outputs: [batch('y', 'FP32', 'm')],
    nodes: [{ op: 'Identity', inputs: ['wave'], outputs: ['y'] }],
  },
};
const value = [{ value: {} }];
const configs: Readonly<Record<string, object>> = {
  files: { name: 'text-classification', preprocess: [{ bytes: { first: 2, last: 0 } }], postprocess: [{ topK: {} }] },
  columns: {
    name: 'tabular-regression',
    preprocess: [{ columns: { oneHot: { kind: ['cat', 'dog'] } } }],
  },
  texts: { name: 'text-classification', postprocess: value },
  alike: { name: 'sentence-similarity', postprocess: [{ pool: { output: 'y' } }] },
  sounds: { name: 'audio-classification', postprocess: value },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-tasks-'));
  for (const [name, graph] of Object.entries(graphs)) {
    const version = join(folder, 'models', name, '1');
    await mkdir(version, { recursive: true });
    await writeFile(join(version, 'model.onnx'), buildOnnx(graph));
    await writeFile(join(version, 'tokenizer.json'), JSON.stringify(pieceTokenizer));
    const labels = name === 'files' ? { labels: { y: 'labels.txt' } } : {};
    await writeFile(join(version, 'labels.txt'), 'first\nsecond\n');
    await writeFile(join(folder, 'models', name, 'model.json'), JSON.stringify({ task: configs[name], ...labels }));
  }
});
afterAll(() => rm(folder, { recursive: true }));

let jobs = 0;

/** Runs a job over a file of this name and content, and gives its folder of results and its report. */
async function job(model: string, file: string, content: string | Uint8Array, chosen: Partial<BatchSettings> = {}) {
  jobs += 1;
  const out = join(folder, `out-${jobs}`);
  await writeFile(join(folder, file), content);
  const work = await openBatch({
    models: openModelStore(join(folder, 'models')),
    model,
    reference: undefined,
    input: locateFile(join(folder, file)),
    output: new DirectoryObjectStore(out),
    chosen,
    workers: 2,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return { out, report: await runJob(work) };
}

async function lines(out: string, file = 'part-00000.jsonl') {
  const text = await readFile(join(out, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const named = (first: number, second: number) => {
  const both = [
    { label: 'first', score: first },
    { label: 'second', score: second },
  ];
  return first >= second ? both : both.reverse();
};

describe('a job for a model with a task', () => {
  test('takes a folder of files, and gives what the task says of each', async () => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a'), Uint8Array.of(3, 1));
    await writeFile(join(folder, 'in/b'), Uint8Array.of(1, 2, 9));
    const { out, report } = await job('files', 'x.manifest.json', '{"prefix": "in/"}');
    expect(report).toMatchObject({ status: 'completed', answered: 2, failed: 0 });
    expect(await lines(out)).toEqual([
      { file: 'in/a', prediction: named(3, 1) },
      { file: 'in/b', prediction: named(1, 2) },
    ]);
    await writeFile(join(folder, 'c.bin'), new Uint8Array(Int32Array.of(5, 6).buffer));
    const raw = { files: ['c.bin'], decode: { kind: 'raw' } };
    const { out: tensors } = await job('files', 'raw.manifest.json', JSON.stringify(raw));
    expect(await lines(tensors)).toEqual([{ file: 'c.bin', y: [5, 6] }]);
  });

  test('takes records, whose files are in base64', async () => {
    const records = [{ id: 'a', file: 'AwE=' }, { id: 'b', file: '?' }, { id: 'c' }];
    const { out, report } = await job('files', 'x.jsonl', records.map((each) => `${JSON.stringify(each)}\n`).join(''));
    expect(report).toMatchObject({ status: 'completed', answered: 1, failed: 2 });
    expect(await lines(out)).toEqual([{ id: 'a', prediction: named(3, 1) }]);
    const errors = await lines(out, 'errors.jsonl');
    expect(errors.map(({ error }) => error)).toEqual([
      "field 'file': expected a file in base64; a manifest makes records of files themselves",
      "the record has no field 'file', which fills the model's input 'file' (BYTES)",
    ]);
    const { out: tensors } = await job('files', 'tensors.jsonl', '{"x": [7, 8]}\n', { outputs: ['y'] });
    expect(await lines(tensors)).toEqual([{ record: 0, y: [7, 8] }]);
  });

  test('takes texts of any file of records, also under another name, and refuses those that are too long', async () => {
    const maria = { prediction: [2, 5, 14, 3] };
    const text = 'maria lives';
    const csv = `id,question\na,${text}\nb,${'in '.repeat(20)}\n`;
    const { out, report } = await job('texts', 'x.csv.gz', gzipSync(csv), { mapping: { text: 'question' } });
    expect(report).toMatchObject({ answered: 1, failed: 1 });
    expect(await lines(out)).toEqual([{ id: 'a', ...maria }]);
    expect((await lines(out, 'errors.jsonl'))[0].error).toBe(
      'the text has 22 tokens, more than the 12 that the model takes; send a shorter one, or have it cut: "truncate": true',
    );
    const columns = [{ name: 'text', data: [text, ''], type: 'STRING' as const }];
    const { out: parquet } = await job(
      'texts',
      'x.parquet',
      new Uint8Array(parquetWriteBuffer({ columnData: columns })),
    );
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(parquet, 'part-00000.parquet')) });
    expect(rows.map(({ prediction }) => JSON.parse(prediction as string))).toEqual([
      [2, 5, 14, 3],
      [2, 3],
    ]);
  });

  test('takes sentences to compare, as many as a record has', async () => {
    const records = [
      { id: 'a', source_sentence: 'maria', sentences: ['in', 'maria'] },
      { id: 'b', source_sentence: 'in', sentences: ['in'] },
      { id: 'c', source_sentence: 'in', sentences: [] },
      { id: 'd', source_sentence: 'in' },
    ];
    const { out, report } = await job('alike', 's.jsonl', records.map((each) => `${JSON.stringify(each)}\n`).join(''));
    expect(report).toMatchObject({ answered: 2, failed: 2 });
    // The numbers of the tokens are the vectors: [2, 5, 3] and [2, 10, 3].
    const cosine = expect.closeTo((4 + 50 + 9) / Math.sqrt(38 * 113), 6);
    expect(await lines(out)).toEqual([
      { id: 'a', prediction: [cosine, expect.closeTo(1, 6)] },
      { id: 'b', prediction: [expect.closeTo(1, 6)] },
    ]);
    expect((await lines(out, 'errors.jsonl')).map(({ error }) => error)).toEqual([
      "field 'sentences': expected a sentence or more, got none",
      "the record has no field 'sentences', which fills the model's input 'sentences' (BYTES)",
    ]);
  });

  test('takes columns, also such as become several', async () => {
    const { out, report } = await job('columns', 'y.csv', 'id,size,kind\na,1.5,dog\nb,2,cat\nc,3,cow\n');
    expect(report).toMatchObject({ answered: 2, failed: 1 });
    expect(await lines(out)).toEqual([
      { id: 'a', prediction: [1.5, 0, 1] },
      { id: 'b', prediction: [2, 1, 0] },
    ]);
    expect((await lines(out, 'errors.jsonl'))[0].error).toBe(
      "column 'kind': expected one of 'cat', 'dog', got \"cow\"",
    );
  });

  test('takes sounds, and says which cannot be read', async () => {
    await mkdir(join(folder, 'sounds'));
    await writeFile(join(folder, 'sounds/a.wav'), wavFile(1, 16, new Uint8Array(Int16Array.of(16384, 0).buffer)));
    await writeFile(join(folder, 'sounds/b.wav'), 'nothing');
    const { out, report } = await job('sounds', 's.manifest.json', '{"prefix": "sounds/"}');
    expect(report).toMatchObject({ answered: 1, failed: 1 });
    expect(await lines(out)).toEqual([{ file: 'sounds/a.wav', prediction: [0.5, 0] }]);
    expect(await lines(out, 'errors.jsonl')).toMatchObject([
      { record: 1, error: expect.stringContaining('expected a WAV file'), input: { file: 'sounds/b.wav' } },
    ]);
  });
});
