import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { setUpPython } from '../peers/set-up-python.ts';
import { Child } from '../processes/child.ts';
import { peakMegabytes } from '../processes/peak-megabytes.ts';
import { batchRows, type TrainingNetworkKind } from '../train/training-network.ts';
import { wordsInUse } from '../train/words-in-use.ts';
import { writeLesson } from '../train/write-lesson.ts';

interface Measured {
  readonly kind: TrainingNetworkKind;
  readonly what: string;
  /** Of a turn. */
  readonly steps: number;
  readonly rounds: number;
  /** What part of PyTorch's time, and of its memory, is aimed at. */
  readonly time: number;
  readonly memory: number;
}

const networks: readonly Measured[] = [
  { kind: 'mlp', what: 'MLP of the digits, 2,410 parameters', steps: 400, rounds: 25, time: 0.3, memory: 0.2 },
  { kind: 'cnn', what: 'CNN of 20,490 parameters', steps: 20, rounds: 25, time: 1.1, memory: 0.2 },
  {
    kind: 'encoder',
    what: `encoder like MiniLM, 32 tokens, data with ${wordsInUse.toLocaleString('en')} of 30,522 words`,
    steps: 1,
    rounds: 25,
    time: 1.1,
    memory: 0.85,
  },
];
const program = 'bench/processes/train-steps.ts';
const env = { ...process.env, NODE_COMPILE_CACHE: '.cache/bench/code' };
const against = 'PyTorch 2.15, eager, fused Adam';
/** Steps in which both have to come to the same losses, which warm them up too. */
const sameSteps = 5;
const tolerance = 1e-4;

/**
 * Steps of training by gradient graphs in the serving runtime, beside PyTorch's, one thread each, and the most memory
 * that their processes take.
 */
export async function* benchTrain(): AsyncGenerator<BenchRow> {
  let python: string;
  try {
    python = setUpPython('train-requirements.txt');
  } catch (error) {
    return yield { what: 'steps of training', against, skipped: (error as Error).message };
  }
  // Whose code is kept from now on, as that of commands is from their first on (cli/tensorgate.js).
  execFileSync(process.execPath, [program, writeLesson('mlp')], { env, input: '' });
  for (const network of networks) yield* benchNetwork(network, python);
}

async function* benchNetwork(
  { kind, what, steps, rounds, time, memory }: Measured,
  python: string,
): AsyncGenerator<BenchRow> {
  const folder = writeLesson(kind);
  const ours = new Child(process.execPath, [program, folder], { env });
  const theirs = new Child(python, ['bench/peers/train_steps.py', folder], {
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  checkSame((await taken(ours, sameSteps)).losses, (await taken(theirs, sameSteps)).losses);
  const msOf = async (child: Child) => (await taken(child, steps)).ms;
  const [own = [], other = []] = await inTurns(
    rounds,
    () => msOf(ours),
    () => msOf(theirs),
  );
  const ms = (times: readonly number[]) => median(times).toFixed(2);
  yield {
    what: `a step of training, ${what}, ${batchRows} rows`,
    against,
    measured: medianRatio(own, other),
    unit: '×',
    target: { atMost: time },
    figures: `${ms(own)} / ${ms(other)} ms`,
  };
  const row = { what: `peak memory of training, ${what}`, against };
  if (!existsSync('/proc/self/status')) yield { ...row, skipped: 'the peak is read from Linux’s /proc' };
  else {
    const [our, their] = [peakMegabytes(ours.pid), peakMegabytes(theirs.pid)];
    yield {
      ...row,
      measured: our / their,
      unit: '×',
      target: { atMost: memory },
      figures: `${our.toFixed(0)} / ${their.toFixed(0)} MB`,
    };
  }
  await ours.end();
  await theirs.end();
}

interface Taken {
  /** Of a step. */
  readonly ms: number;
  readonly losses: readonly number[];
}

async function taken(child: Child, steps: number): Promise<Taken> {
  child.send(String(steps));
  return JSON.parse(await child.next(/^(\{.*\})$/)) as Taken;
}

/** Throws where the same weights do not come to the same losses: then not the same is measured. */
function checkSame(ours: readonly number[], theirs: readonly number[]): void {
  const isSame = ours.every((loss, step) => Math.abs(loss - (theirs[step] ?? 0)) <= tolerance * loss);
  if (!isSame) throw new Error(`other losses than PyTorch's: ${ours} and ${theirs}`);
}
