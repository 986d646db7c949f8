import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { partFiles } from './part-files.ts';

const most = 1e-4;
const step = 97;

/** What a line of results says of a record. */
export interface Answer {
  readonly id: number;
  readonly values: readonly number[];
}

/**
 * Throws where a job's results in `out`, and `theirs`, JSON lines that `read` knows, do not answer the same records, or
 * a sample of them otherwise.
 */
export async function checkSame(
  out: string,
  output: string,
  theirs: string,
  read: (line: string) => Answer = readerOf(output),
): Promise<void> {
  const ours = await sample(partFiles(out), readerOf(output));
  const others = await sample([theirs], read);
  if (ours.records !== others.records) throw new Error(`${ours.records} answers of ours, ${others.records} of theirs`);
  for (const [id, our] of ours.answers) {
    const their = others.answers.get(id) ?? [];
    const isSame = our.length === their.length && our.every((value, at) => Math.abs(value - (their[at] ?? 0)) < most);
    if (!isSame) throw new Error(`record ${id}: ours is ${our.slice(0, 3)}, theirs ${their.slice(0, 3)}`);
  }
}

function readerOf(output: string): (line: string) => Answer {
  return (line) => {
    const record = JSON.parse(line) as Record<string, unknown>;
    // A field of CSV that is kept is text.
    return { id: Number(record.id), values: record[output] as number[] };
  };
}

async function sample(files: readonly string[], read: (line: string) => Answer) {
  const answers = new Map<number, readonly number[]>();
  let records = 0;
  for (const path of files) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      records += 1;
      const { id, values } = read(line);
      if (id % step === 0) answers.set(id, values);
    }
  }
  return { records, answers };
}
