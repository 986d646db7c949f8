import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tableModel } from '../models/table-model.ts';
import { batchJob } from './batch-job.ts';
import { writeNumbers } from './write-numbers.ts';

const few = 10_000;
const many = 1_000_000;
const width = 64;
const rounds = 3;

/** The most memory of a job over a file, and over one of a hundred times as many records. */
export async function* memoryRows(folder: string): AsyncGenerator<BenchRow> {
  for (const format of ['jsonl', 'csv'] as const) {
    const row = {
      what: `peak memory of a job over ${many.toLocaleString('en')} records, ${format === 'csv' ? 'CSV' : 'JSONL'}`,
      against: `over ${few.toLocaleString('en')}`,
    };
    if (existsSync('/proc/self/status')) yield { ...row, ...(await peaks(folder, format)) };
    else yield { ...row, skipped: 'the peak is read from Linux’s /proc' };
  }
}

async function peaks(folder: string, format: 'jsonl' | 'csv') {
  const model = tableModel();
  const options = format === 'csv' ? ['--map', `x=p0..p${width - 1}`] : [];
  const peak = async (records: number) => {
    const input = writeNumbers(join(folder, `peak.${format}`), records, width);
    return (await batchJob({ model, input, out: join(folder, 'out'), options })).peakMB;
  };
  const [more = [], less = []] = await inTurns(
    rounds,
    () => peak(many),
    () => peak(few),
  );
  return {
    measured: medianRatio(more, less),
    unit: '×',
    target: { atMost: 1.1 },
    figures: `${median(more).toFixed(0)} / ${median(less).toFixed(0)} MB`,
  } as const;
}
