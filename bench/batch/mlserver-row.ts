import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tableModel } from '../models/table-model.ts';
import { setUpPython } from '../peers/set-up-python.ts';
import { startMlserver } from '../peers/start-mlserver.ts';
import { batchJob } from './batch-job.ts';
import { type Answer, checkSame } from './check-same.ts';
import { timed } from './timed.ts';
import { writeLines } from './write-lines.ts';
import { writeNumbers } from './write-numbers.ts';

const records = 10_000;
const rounds = 3;

/** A job beside `mlserver infer`, which sends what it reads to a server that has started already. */
export async function mlserverRow(folder: string): Promise<BenchRow> {
  const row = {
    what: `small model (64→32→10), JSONL of ${records.toLocaleString('en')} records`,
    against: 'mlserver infer, 32 a request, 10 at once; its server started already',
  };
  let python: string;
  try {
    python = setUpPython('batch-requirements.txt');
  } catch (error) {
    return { ...row, skipped: (error as Error).message };
  }
  const model = tableModel();
  const input = writeNumbers(join(folder, 'numbers.jsonl'), records, 64);
  const requests = writeRequests(join(folder, 'requests.jsonl'), input);
  const [out, theirs] = [join(folder, 'out'), join(folder, 'theirs.jsonl')];
  const server = await startMlserver(python, model, join(folder, 'mlserver'));
  const words = ['-u', `127.0.0.1:${server.port}`, '-m', model.name, '-i', requests, '-o', theirs, '-s', '32'];
  const [our = [], their = []] = await inTurns(
    rounds,
    async () => (await batchJob({ model, input, out })).seconds,
    () => timed(join(dirname(python), 'mlserver'), ['infer', ...words]),
  );
  await server.child.end();
  await checkSame(out, 'y', theirs, readResponse);
  const perSecond = (seconds: readonly number[]) => (records / median(seconds)).toFixed(0);
  const figures = `${perSecond(our)} / ${perSecond(their)} records/s`;
  return { ...row, measured: medianRatio(their, our), unit: '×', target: { atLeast: 1 }, figures };
}

/** The records of `input` as requests of the Open Inference Protocol. */
function writeRequests(path: string, input: string): string {
  const lines = readFileSync(input, 'utf8').trim().split('\n');
  return writeLines(path, lines.length, (index) => {
    const { id, x } = JSON.parse(lines[index] as string) as { id: number; x: number[] };
    return JSON.stringify({ id: String(id), inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 64], data: x }] });
  });
}

function readResponse(line: string): Answer {
  const { id, outputs } = JSON.parse(line) as { id: string; outputs: [{ data: number[] }] };
  return { id: Number(id), values: outputs[0].data };
}
