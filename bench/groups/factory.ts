import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutModel } from '../../cli/cut-model.ts';
import { judgeStages } from '../../cli/judge-stages.ts';
import { openModel } from '../../cli/open-model.ts';
import { optimizeTarget } from '../../cli/optimize-target.ts';
import { qualityWords } from '../../cli/quality-words.ts';
import { tryCandidates, type WrittenTrial } from '../../cli/try-candidates.ts';
import { chosenTrial } from '../../src/core/factory/chosen-trial.ts';
import { pipedSession } from '../../src/core/factory/piped-session.ts';
import { spread } from '../../src/core/factory/spread.ts';
import type { TaskReport } from '../../src/core/factory/task-tally.ts';
import { timeRatio } from '../../src/core/factory/time-ratio.ts';
import { candidates } from '../../src/graph/candidates.ts';
import type { Session } from '../../src/ports/session.ts';
import type { BenchRow } from '../bench-row.ts';
import { type BankingTexts, bankingTexts } from '../factory/banking-texts.ts';
import { fittedHead } from '../factory/fitted-head.ts';
import { judgedTexts } from '../factory/judged-texts.ts';
import { onOneThread } from '../factory/on-one-thread.ts';
import { textRun } from '../factory/text-run.ts';
import { timeRuns } from '../factory/time-runs.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { minilmModel } from '../models/minilm-model.ts';
import { runCommand } from '../peers/run-command.ts';
import { setUpPython } from '../peers/set-up-python.ts';

const what = 'MiniLM on banking77';
/** Texts for training by which candidates are chosen; those of the test tell what the choice is worth. */
const searchTexts = 400;
const calibrationTexts = 128;
const shortTokens = 16;
const folder = '.cache/bench/factory';
const theirTool = "ONNX Runtime 1.32's quantizer";

/**
 * What MiniLM is worth as `optimize` quantizes it and as `split` cuts it, beside itself in FP32 and what ONNX Runtime's
 * own quantizer makes of it.
 */
export async function* benchFactory(): AsyncGenerator<BenchRow> {
  let python: string;
  let model: string | undefined;
  try {
    python = setUpPython('factory-requirements.txt');
    model = minilmModel();
  } catch (error) {
    return yield { what, against: theirTool, skipped: (error as Error).message };
  }
  if (!model) return yield { what, against: theirTool, skipped: '../shared/testdata is not there' };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const path = `${model}/model.onnx`;
  const train = await bankingTexts('train', model);
  const source = await openModel(path, 'MiniLM');
  yield* quantized(python, path, source, train, await bankingTexts('test', model));
  yield await twoStages(path, train);
  await source.release();
}

async function* quantized(
  python: string,
  path: string,
  source: Session,
  train: BankingTexts,
  test: BankingTexts,
): AsyncGenerator<BenchRow> {
  const names = [...new Set(train.classes)].sort();
  const head = await fittedHead(source, train, names);
  const places = spread([...train.ids.keys()], searchTexts);
  const some = <T>(all: readonly T[]) => places.map((place) => all[place] as T);
  const search = judgedTexts(source, { ids: some(train.ids), classes: some(train.classes) }, head, names);
  const tell = ({ name, bytes, report }: WrittenTrial) =>
    console.error(
      `${name}: ${(bytes / 1e6).toFixed(1)} MB, ${(1 / (timeRatio(report) ?? 0)).toFixed(2)} × as fast, ${qualityWords(report)}, ${report.findings.map((finding) => finding.name)}`,
    );
  // Weights of fewer bits alone win less, and some take many times as long.
  const here = await optimizeTarget('cpu');
  const products = candidates(here).filter(({ name }) => /^(static|dynamic)-/.test(name));
  const ours = await tryCandidates(products, {
    ...search,
    path,
    folder,
    onNext: () => undefined,
    onTrial: (_name, trial) => typeof trial === 'string' || tell(trial),
  });
  const theirs: WrittenTrial[] = [];
  for (const [name, made] of byTheirTool(python, path, spread(train.ids, calibrationTexts))) {
    const trial = { ...(await search.trial(name, made, statSync(made).size)), path: made };
    theirs.push(trial);
    tell(trial);
  }
  const our = chosenTrial(ours) as WrittenTrial | undefined;
  const their = chosenTrial(theirs) as WrittenTrial | undefined;
  if (!our || !their)
    return yield { what, against: theirTool, skipped: `the gate lets nothing of ${our ? 'theirs' : 'ours'} pass` };
  const judged = judgedTexts(source, test, head, names);
  const points = async (trial: WrittenTrial) =>
    (await judged.trial(trial.name, trial.path, trial.bytes)).report.task as TaskReport;
  const [lost, theirLost] = [await points(our), await points(their)];
  const percent = ({ share }: { readonly share: number }) => (100 * share).toFixed(2);
  yield {
    what: `${what}, ${our.name}: points of accuracy lost`,
    against: 'FP32',
    measured: lost.lossPoints,
    unit: 'points',
    target: { atMost: 0.5 },
    figures: `${percent(lost.accuracy)} / ${percent(lost.sourceAccuracy)} % right, ${percent(lost.agreement)} % agree; theirs (${their.name}): ${percent(theirLost.accuracy)} %, ${percent(theirLost.agreement)} % agree`,
  };
  const text = train.ids.find(({ length }) => length === shortTokens) as readonly number[];
  const sessions = [await onOneThread(path), await onOneThread(our.path), await onOneThread(their.path)];
  const [whole = [], own = [], other = []] = await timeRuns(sessions, textRun([text]));
  const ms = (times: readonly number[]) => median(times).toFixed(2);
  yield {
    what: `${what}, ${our.name}: ${shortTokens} tokens, 1 thread`,
    against: 'FP32',
    measured: medianRatio(whole, own),
    unit: '×',
    target: { atLeast: 2.4 },
    figures: `${ms(own)} / ${ms(whole)} ms a run; on ${here.measuredOn}`,
  };
  yield {
    what: `${what}, ${our.name}: ${shortTokens} tokens, 1 thread`,
    against: `${theirTool}, its best that the gate lets pass: ${their.name}`,
    measured: medianRatio(other, own),
    unit: '×',
    target: { atLeast: 1.1 },
    figures: `${ms(own)} / ${ms(other)} ms a run, ${(our.bytes / 1e6).toFixed(1)} / ${(their.bytes / 1e6).toFixed(1)} MB`,
  };
}

/** The models that ONNX Runtime's quantizer makes, by what was done. */
function byTheirTool(python: string, path: string, texts: BankingTexts['ids']): readonly (readonly [string, string])[] {
  const out = join(folder, 'theirs');
  mkdirSync(out);
  const samples = join(out, 'samples.json');
  writeFileSync(samples, JSON.stringify(texts));
  runCommand(python, ['bench/peers/quantize.py', path, samples, out]);
  const kinds = ['dynamic int8 per channel', 'static int8 of weight MatMuls'].flatMap((kind) => [kind, `${kind}-w7`]);
  return [...kinds, 'MatMulNBits int8'].map((name) => [name, join(out, `${name}.onnx`)]);
}

async function twoStages(path: string, { ids }: BankingTexts): Promise<BenchRow> {
  const judging = { path, samples: [], warmupShapes: {}, tolerance: 0, isTimed: false };
  const isWhole = async (paths: readonly string[]) => (await judgeStages(paths, judging)).findings.length === 0;
  const { paths } = await cutModel(path, 2, join(folder, 'stages'), isWhole);
  const whole = await onOneThread(path);
  const stages = [];
  for (const stage of paths) stages.push(await onOneThread(stage));
  const text = ids.find(({ length }) => length === shortTokens) as readonly number[];
  const [own = [], other = []] = await timeRuns([pipedSession(whole, stages), whole], textRun([text]));
  return {
    what: `MiniLM in two stages, one process, ${shortTokens} tokens`,
    against: 'the whole',
    measured: medianRatio(own, other),
    unit: '×',
    target: { atMost: 1.05 },
    figures: `${median(own).toFixed(2)} / ${median(other).toFixed(2)} ms a run`,
  };
}
