import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { InferenceSession, Tensor } from 'onnxruntime-node';

interface Text {
  readonly id: number;
  readonly input_ids: readonly number[];
}

/** Texts of about the same length, padded to the longest of them. */
interface Batch {
  readonly texts: readonly Text[];
  readonly feeds: Record<string, Tensor>;
}

/**
 * The raw runtime over batches of texts that are sorted by length: node bench/processes/raw-batches.ts MODEL RECORDS
 * THREADS ANSWERS.
 *
 * Says `ready`; then, for each line of stdin, `ROWS EVERY`, runs batches of so many of every so manyth text, prints the
 * seconds that the runs took, without the making of the batches, and writes the answers.
 */
async function main([model = '', records = '', threads = '1', answers = '']: readonly string[]): Promise<void> {
  const texts = readFileSync(records, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Text)
    .sort((one, other) => one.input_ids.length - other.input_ids.length);
  const session = await InferenceSession.create(model, { intraOpNumThreads: Number(threads), interOpNumThreads: 1 });
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [rows = 1, every = 1] = line.split(' ').map(Number);
    const some = texts.filter((_text, index) => index % every === 0);
    const batches = Array.from({ length: Math.ceil(some.length / rows) }, (_, index) =>
      batchOf(some.slice(index * rows, (index + 1) * rows)),
    );
    const outputs: Float32Array[] = [];
    const started = performance.now();
    for (const { feeds } of batches) outputs.push((await session.run(feeds)).embedding?.data as Float32Array);
    const seconds = (performance.now() - started) / 1000;
    writeFileSync(answers, answerLines(batches, outputs));
    console.log(`seconds ${seconds}`);
  }
}

function batchOf(texts: readonly Text[]): Batch {
  const tokens = (texts.at(-1) as Text).input_ids.length;
  const ids = new BigInt64Array(texts.length * tokens);
  const mask = new BigInt64Array(texts.length * tokens);
  for (const [row, { input_ids }] of texts.entries()) {
    ids.set(input_ids.map(BigInt), row * tokens);
    mask.fill(1n, row * tokens, row * tokens + input_ids.length);
  }
  const tensor = (data: BigInt64Array) => new Tensor('int64', data, [texts.length, tokens]);
  return { texts, feeds: { input_ids: tensor(ids), attention_mask: tensor(mask) } };
}

/** JSON lines in the order of the file. */
function answerLines(batches: readonly Batch[], outputs: readonly Float32Array[]): string {
  const lines = batches.flatMap(({ texts }, batch) => {
    const values = outputs[batch] as Float32Array;
    const width = values.length / texts.length;
    return texts.map(({ id }, row) => ({ id, embedding: [...values.subarray(row * width, (row + 1) * width)] }));
  });
  return lines
    .sort((one, other) => one.id - other.id)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

await main(process.argv.slice(2));
