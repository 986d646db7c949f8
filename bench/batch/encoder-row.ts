import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { textEncoderModel } from '../models/text-encoder-model.ts';
import { Child } from '../processes/child.ts';
import { batchJob } from './batch-job.ts';
import { checkSame } from './check-same.ts';
import { writeTexts } from './write-texts.ts';

const records = 4000;
const rounds = 3;
const candidates = [4, 8, 16, 32, 64];

/**
 * A whole job over texts of mixed length beside the runs alone of the raw runtime, with the batch that suits it best.
 */
export async function encoderRow(folder: string): Promise<BenchRow> {
  const model = textEncoderModel();
  const input = writeTexts(join(folder, 'texts.jsonl'), records);
  const [out, theirs] = [join(folder, 'out'), join(folder, 'theirs.jsonl')];
  const threads = availableParallelism();
  const raw = new Child(process.execPath, [
    'bench/processes/raw-batches.ts',
    model.path,
    input,
    String(threads),
    theirs,
  ]);
  await raw.next(/^ready$/);
  const loop = async (rows: number, every = 1) => {
    raw.send(`${rows} ${every}`);
    return Number(await raw.next(/^seconds (.+)$/));
  };
  const trials = await inTurns(2, ...candidates.map((rows) => () => loop(rows, 8)));
  const bests = trials.map((seconds) => Math.min(...seconds));
  const rows = candidates[bests.indexOf(Math.min(...bests))] as number;
  const [our = [], their = []] = await inTurns(
    rounds,
    async () => (await batchJob({ model, input, out })).seconds,
    () => loop(rows),
  );
  await checkSame(out, 'embedding', theirs);
  await raw.end();
  const perSecond = (seconds: readonly number[]) => (records / median(seconds)).toFixed(0);
  return {
    what: `MiniLM-like, ${records} texts of 4 to 128 tokens, JSONL: the whole job`,
    against: `onnxruntime-node's runs alone, sorted by length, ${rows} a run, ${threads} threads`,
    measured: medianRatio(their, our),
    unit: '×',
    target: { atLeast: 0.9 },
    figures: `${perSecond(our)} / ${perSecond(their)} records/s`,
  };
}
