import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../cli/open-model.ts';
import { optimizeTarget } from '../../cli/optimize-target.ts';
import { trainStudent } from '../../cli/train-student.ts';
import { tryCandidates, type WrittenTrial } from '../../cli/try-candidates.ts';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import { chosenTrial } from '../../src/core/factory/chosen-trial.ts';
import { spread } from '../../src/core/factory/spread.ts';
import type { TaskReport } from '../../src/core/factory/task-tally.ts';
import { candidates } from '../../src/graph/candidates.ts';
import { teacherLoss } from '../../src/graph/gradient/losses/teacher-loss.ts';
import { tablesAndNumbers } from '../../src/graph/gradient/tables-and-numbers.ts';
import { withFewerLayers } from '../../src/graph/layers/with-fewer-layers.ts';
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

const [layers, epochs] = [3, 3];
const what = `MiniLM on banking77, a student of ${layers} of 6 layers, in int8`;
const against = 'MiniLM in FP32';
/** Texts for training by which the student's eight bits are chosen. */
const searchTexts = 400;
const shortTokens = 16;
const folder = '.cache/bench/distil';
/** Kept, as its training takes minutes. */
const studentPath = `${folder}/student.onnx`;

/**
 * What is left of MiniLM, and how quick it is, once it is distilled to half of its layers and quantized: by one softmax
 * head, that of MiniLM's own vectors.
 */
export async function* benchDistil(): AsyncGenerator<BenchRow> {
  let model: string | undefined;
  try {
    model = minilmModel();
  } catch (error) {
    return yield { what, against, skipped: (error as Error).message };
  }
  if (!model) return yield { what, against, skipped: '../shared/testdata is not there' };
  mkdirSync(folder, { recursive: true });
  const path = `${model}/model.onnx`;
  const train = await bankingTexts('train', model);
  if (!existsSync(studentPath)) await distil(path, train);
  const source = await openModel(path, 'MiniLM');
  const names = [...new Set(train.classes)].sort();
  const head = await fittedHead(source, train, names);
  const student = await openModel(studentPath, 'the student');
  const places = spread([...train.ids.keys()], searchTexts);
  const some = <T>(all: readonly T[]) => places.map((place) => all[place] as T);
  const search = judgedTexts(student, { ids: some(train.ids), classes: some(train.classes) }, head, names);
  const small = await smallest(search);
  await student.release();
  if (!small) return yield { what, against, skipped: 'the gate lets none of its eight bits pass' };
  const judged = judgedTexts(source, await bankingTexts('test', model), head, names);
  const points = async (path: string) => (await judged.trial('student', path, 0)).report.task as TaskReport;
  const [whole, lost] = [await points(studentPath), await points(small.path)];
  await source.release();
  const percent = ({ share }: { readonly share: number }) => (100 * share).toFixed(2);
  yield {
    what: `${what}: points of accuracy lost`,
    against,
    measured: lost.lossPoints,
    unit: 'points',
    target: { atMost: 1 },
    figures: `${percent(lost.accuracy)} / ${percent(lost.sourceAccuracy)} % right; in FP32 ${percent(whole.accuracy)} % (${small.name})`,
  };
  const bytes = statSync(path).size;
  yield {
    what: `${what}: size`,
    against,
    measured: small.bytes / bytes,
    unit: '×',
    target: { atMost: 0.2 },
    figures: `${(small.bytes / 1e6).toFixed(1)} / ${(bytes / 1e6).toFixed(1)} MB`,
  };
  const text = train.ids.find(({ length }) => length === shortTokens) as readonly number[];
  const [own = [], other = []] = await timeRuns(
    [await onOneThread(small.path), await onOneThread(path)],
    textRun([text]),
  );
  const ms = (times: readonly number[]) => median(times).toFixed(2);
  yield {
    what: `${what}: ${shortTokens} tokens, 1 thread`,
    against,
    measured: medianRatio(other, own),
    unit: '×',
    target: { atLeast: 4 },
    figures: `${ms(own)} / ${ms(other)} ms a run`,
  };
}

/** As `distil` does. */
async function distil(path: string, { ids }: BankingTexts): Promise<void> {
  console.error(`a student learns from ${ids.length} texts, ${epochs} times …`);
  const teacher = await openOnnxModel(path);
  const cut = withFewerLayers(teacher, layers);
  const left = tablesAndNumbers(cut.model);
  const { model } = await trainStudent({
    student: cut.model,
    teacher,
    held: teacherLoss(teacher, undefined, undefined),
    runs: ids.map((text) => textRun([text])),
    isFrozen: (weight) => left.has(weight),
    epochs,
    batch: 32,
    rate: 3e-4,
    seed: 1,
    folder,
    signal: new AbortController().signal,
  });
  const making = `${folder}/making.onnx`;
  await writeOnnxModel(model, making);
  renameSync(making, studentPath);
}

/** The student in eight bits as `optimize` chooses them. */
async function smallest(search: ReturnType<typeof judgedTexts>): Promise<WrittenTrial | undefined> {
  const products = candidates(await optimizeTarget('cpu')).filter(({ name }) => /^(static|dynamic)-/.test(name));
  const own = join(folder, 'candidates');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  const silent = { onNext: () => undefined, onTrial: () => undefined };
  const trials = await tryCandidates(products, { ...search, path: studentPath, folder: own, ...silent });
  return chosenTrial(trials) as WrittenTrial | undefined;
}
