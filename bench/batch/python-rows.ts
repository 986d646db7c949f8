import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import type { StoredModel } from '../models/stored-model.ts';
import { tableModel } from '../models/table-model.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { setUpPython } from '../peers/set-up-python.ts';
import { batchJob } from './batch-job.ts';
import { checkSame } from './check-same.ts';
import { timed } from './timed.ts';
import { writeNumbers } from './write-numbers.ts';

const rounds = 5;

interface Race {
  readonly what: string;
  readonly against: string;
  readonly script: string;
  readonly model: StoredModel;
  readonly input: string;
  readonly records: number;
  readonly options?: readonly string[];
  readonly atLeast: number;
}

/** Jobs beside the scripts that people write in Python, each from the start of its process to its end. */
export async function* pythonRows(folder: string): AsyncGenerator<BenchRow> {
  const tiny = { records: 20_000, model: tinyModel() };
  yield await race(folder, {
    ...tiny,
    what: 'tiny model (784→128→10), JSONL of 20,000 records',
    against: 'Python: json, numpy, onnxruntime, 32 a run',
    script: 'bench/peers/batch_json.py',
    input: writeNumbers(join(folder, 'tiny.jsonl'), tiny.records, 784),
    atLeast: 3,
  });
  const table = { model: tableModel(), script: 'bench/peers/batch_pandas.py', atLeast: 1 };
  const against = 'Python: pandas, onnxruntime, 10,000 a run';
  yield await race(folder, {
    ...table,
    records: 100_000,
    what: 'small model (64→32→10), JSONL of 100,000 records',
    against,
    input: writeNumbers(join(folder, 'table.jsonl'), 100_000, 64),
  });
  yield await race(folder, {
    ...table,
    records: 300_000,
    what: 'the same, CSV of 300,000 records',
    against,
    input: writeNumbers(join(folder, 'table.csv'), 300_000, 64),
    options: ['--map', 'x=p0..p63'],
  });
}

async function race(
  folder: string,
  { script, model, input, records, options, atLeast, ...row }: Race,
): Promise<BenchRow> {
  let python: string;
  try {
    python = setUpPython('batch-requirements.txt');
  } catch (error) {
    return { ...row, skipped: (error as Error).message };
  }
  const [out, theirs] = [join(folder, 'out'), join(folder, 'theirs.jsonl')];
  const [our = [], their = []] = await inTurns(
    rounds,
    async () => (await batchJob({ model, input, out, ...(options && { options }) })).seconds,
    () => timed(python, [script, model.path, input, theirs]),
  );
  await checkSame(out, 'y', theirs);
  const perSecond = (seconds: readonly number[]) => (records / median(seconds)).toFixed(0);
  const figures = `${perSecond(our)} / ${perSecond(their)} records/s`;
  return { ...row, measured: medianRatio(their, our), unit: '×', target: { atLeast }, figures };
}
