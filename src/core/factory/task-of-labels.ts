import type { Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { isFraction } from '../is-fraction.ts';
import { elementOf } from '../releases/element-of.ts';
import { classOfVector } from './class-of-vector.ts';
import { fitSoftmaxHead } from './fit-softmax-head.ts';
import { pooledVector } from './pooled-vector.ts';
import type { Task } from './task.ts';
import type { TrialCase } from './trial-case.ts';

/** The classes that are right, a name or number for each sample. */
export interface TaskLabels {
  readonly labels: readonly string[];
  /** The names of a model's classes, in their order; undefined where it has none. */
  readonly names: readonly string[] | undefined;
  /**
   * The head that tells vectors apart is fitted anew to those of a model that was made. @default false: it is that of
   * the source
   */
  readonly refits?: boolean;
  /**
   * What is not judged, and the classes that are right of it: a head is fitted to that.
   * @default every second one of those to be judged, which is not judged then
   */
  readonly fitted?: { readonly cases: readonly TrialCase[]; readonly labels: readonly string[] };
}

/**
 * What a model is for by the classes that are right: its output of classes, or of scores of as many, says which; where
 * it has only vectors, a softmax head that is fitted to those of the source, of samples that are not judged.
 *
 * Rejects with an Error where there are not as many labels as samples, or the source cannot be asked.
 */
export async function taskOfLabels(source: Session, cases: readonly TrialCase[], given: TaskLabels): Promise<Task> {
  const { labels, names } = given;
  if (labels.length !== cases.length)
    throw new Error(`expected a label for each sample: there are ${labels.length}, and ${cases.length} samples`);
  const exact = source.outputs.find(({ datatype }) => !isFraction(datatype) && datatype !== 'BOOL');
  if (exact) {
    const texts = [...new Set(labels)];
    const classOf = (answer: Tensor) => texts.indexOf(String(elementOf(answer)(0)));
    return { output: exact.name, labels: labels.map((label) => texts.indexOf(label)), classOf };
  }
  const classes = names ?? numberedClasses(labels);
  const scores = source.outputs.find(({ shape }) => classes !== undefined && shape.at(-1) === classes.length);
  if (scores && classes) {
    return { output: scores.name, labels: labels.map((label) => classes.indexOf(label)), classOf: largestOf };
  }
  const [vectors] = source.outputs;
  if (!vectors) throw new Error('the model has no output');
  return fittedTask(vectors.name, cases, given);
}

/** Labels that are all whole numbers are the places of classes. */
function numberedClasses(labels: readonly string[]): readonly string[] | undefined {
  if (!labels.every((label) => /^\d{1,6}$/.test(label))) return undefined;
  const last = labels.reduce((most, label) => Math.max(most, Number(label)), 0);
  return Array.from({ length: last + 1 }, (_class, index) => String(index));
}

function largestOf(answer: Tensor): number {
  const element = elementOf(answer);
  let best = 0;
  for (let place = 1; place < (answer.shape.at(-1) ?? 1); place += 1) {
    if (Number(element(place)) > Number(element(best))) best = place;
  }
  return best;
}

async function fittedTask(
  output: string,
  cases: readonly TrialCase[],
  { labels, refits = false, fitted }: TaskLabels,
): Promise<Task> {
  const isFitted = (_value: unknown, place: number) => !fitted && place % 2 === 0;
  const lessons = fitted ?? { cases: cases.filter(isFitted), labels: labels.filter(isFitted) };
  const names = [...new Set([...labels, ...lessons.labels])].sort();
  const fitTo = async (ask: (each: TrialCase) => Promise<readonly (Tensor | undefined)[]>) => {
    const vectors: Float64Array[] = [];
    for (const each of lessons.cases) {
      const answer = (await ask(each))[each.run.outputNames.indexOf(output)];
      vectors.push(pooledVector(answer as Tensor));
    }
    const places = lessons.labels.map((label) => names.indexOf(label));
    const head = fitSoftmaxHead(vectors, places, names.length);
    return (answer: Tensor) => classOfVector(head, pooledVector(answer));
  };
  return {
    output,
    labels: labels.map((label, place) => (isFitted(label, place) ? undefined : names.indexOf(label))),
    fittedTo: lessons.cases.length,
    classOf: await fitTo(({ expected }) => expected([])),
    ...(refits && { refit: (made: Session) => fitTo(({ run }) => made.run(run)) }),
  };
}
