import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { partFiles } from './part-files.ts';

const most = 1e-4;
const step = 97;

/** Throws where a sample of a job's results, and `theirs`, JSON lines in the same order, are not the same: ids, and numbers of `output`. */
export async function checkSame(out: string, theirs: string, output: string): Promise<void> {
  const [ours, others] = await Promise.all([sample(partFiles(out), output), sample([theirs], output)]);
  if (ours.records !== others.records) throw new Error(`${ours.records} answers of ours, ${others.records} of theirs`);
  for (const [index, our] of ours.answers.entries()) {
    const their = others.answers[index] as Answer;
    const isSame =
      our.id === their.id &&
      our.values.length === their.values.length &&
      our.values.every((value, place) => Math.abs(value - (their.values[place] as number)) < most);
    if (!isSame)
      throw new Error(`record ${our.id}: ours ${our.values.slice(0, 3)}, theirs ${their.values.slice(0, 3)}`);
  }
}

interface Answer {
  readonly id: number;
  readonly values: readonly number[];
}

async function sample(files: readonly string[], output: string) {
  const answers: Answer[] = [];
  let records = 0;
  for (const path of files) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (records++ % step > 0) continue;
      const record = JSON.parse(line) as Record<string, unknown>;
      answers.push({ id: Number(record.id), values: record[output] as number[] });
    }
  }
  return { records, answers };
}
