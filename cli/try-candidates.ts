import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import type { CandidateTrial } from '../src/core/factory/candidate-trial.ts';
import type { SourceModel } from '../src/core/factory/conversion.ts';
import { type JudgingMeans, judgeConversion } from '../src/core/factory/judge-conversion.ts';
import type { Task } from '../src/core/factory/task.ts';
import type { Candidate } from '../src/graph/candidates.ts';
import { quantizable } from '../src/graph/passes/quantizable.ts';
import type { CudaOptions } from '../src/ports/session.ts';
import { calibration } from './calibration.ts';
import { openModel } from './open-model.ts';
import { type WrittenModel, writeMade } from './write-made.ts';

/** A trial whose model is on the disk. */
export interface WrittenTrial extends CandidateTrial, WrittenModel {}

export interface Trying {
  /** The ONNX file that candidates are made of. */
  readonly path: string;
  readonly from: SourceModel;
  readonly task: Task | undefined;
  readonly means: JudgingMeans;
  /** The GPU that candidates are asked on. @default the processor */
  readonly cuda?: CudaOptions | undefined;
  /** For the models that are made. */
  readonly folder: string;
  /** Hears which candidate is tried. */
  onNext(name: string): void;
  /** Hears what became of it, or why it is not tried. */
  onTrial(name: string, trial: WrittenTrial | string): void;
}

/** Makes each candidate and judges it. Those that would be the source again are left out. */
export async function tryCandidates(
  candidates: readonly Candidate[],
  { path, from, task, means, cuda, folder, onNext, onTrial }: Trying,
): Promise<readonly WrittenTrial[]> {
  const model = await openOnnxModel(path);
  const rangesWithin = calibration(
    quantizable(model),
    from.cases.map(({ run }) => run),
    folder,
  );
  const trials: WrittenTrial[] = [];
  for (const { name, passes, make, refits = false } of candidates) {
    onNext(name);
    const made = await make(model, rangesWithin).catch((error: Error) => error);
    if (made === model || made instanceof Error) {
      onTrial(name, made instanceof Error ? made.message : 'there is nothing that it could do');
      continue;
    }
    const written = await writeMade(made, folder, name);
    const report = await judgeConversion(
      { open: () => openModel(written.path, name, cuda), from, task: task && !refits ? withoutRefit(task) : task },
      means,
    );
    const trial = { name, passes, ...written, report };
    trials.push(trial);
    onTrial(name, trial);
  }
  return trials;
}

/** The head is that of the source, or what a candidate changes would be made up for by another. */
function withoutRefit({ refit: _refit, ...task }: Task): Task {
  return task;
}
