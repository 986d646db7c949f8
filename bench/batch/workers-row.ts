import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { textEncoderModel } from '../models/text-encoder-model.ts';
import { batchJob } from './batch-job.ts';
import { writeTexts } from './write-texts.ts';

const records = 3000;
const rounds = 3;

/** A job with two runs at once beside one, each run of one thread: what it computes is all but all of it. */
export async function workersRow(folder: string): Promise<BenchRow> {
  const row = { what: 'MiniLM-like, one thread a run: --workers 2', against: '--workers 1' };
  if (availableParallelism() < 2) return { ...row, skipped: 'there is one core' };
  const model = textEncoderModel('text-encoder-one-thread');
  writeFileSync(join(model.repository, model.name, 'model.json'), JSON.stringify({ intraOpThreads: 1 }));
  const input = writeTexts(join(folder, 'texts.jsonl'), records);
  const job = async (workers: number) => {
    const options = ['--workers', String(workers)];
    return (await batchJob({ model, input, out: join(folder, 'out'), options })).seconds;
  };
  const [two = [], one = []] = await inTurns(
    rounds,
    () => job(2),
    () => job(1),
  );
  const perSecond = (seconds: readonly number[]) => (records / median(seconds)).toFixed(0);
  return {
    ...row,
    measured: medianRatio(one, two),
    unit: '×',
    target: { atLeast: 1.7 },
    figures: `${perSecond(two)} / ${perSecond(one)} records/s`,
  };
}
