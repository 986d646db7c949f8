import type { Gradients, GradientWish } from '../../ports/gradients.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import type { InferenceContext } from '../inference-context.ts';
import { joinItems } from '../tasks/join-items.ts';
import { alikeNote } from './alike-note.ts';
import { allOf } from './all-of.ts';
import { completenessOf } from './completeness-of.ts';
import { type Differentiated, differentiated } from './differentiated.ts';
import type { ExplainCall } from './explain-call.ts';
import type { ExplainHost } from './explain-host.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Explanation } from './explanation.ts';
import { finiteScore } from './finite-score.ts';
import { finiteWeights } from './finite-weights.ts';
import { floatsOf } from './floats-of.ts';
import { gradCam } from './grad-cam.ts';
import { integratedGradients, leastSteps, type Walk } from './integrated-gradients.ts';
import type { GradientMethod } from './methods.ts';
import { Probe } from './probe.ts';
import { openScorer } from './scorer.ts';
import { tooFewEvaluations } from './too-few-evaluations.ts';

/** Rows of one run, and bytes of what it is the gradient by, about. */
const mostRows = 16;
const mostBytes = 4 * 1024 * 1024;
/** A gap that an answer says by words. */
const largeGap = 1e-3;

/**
 * Explains by gradients of the model's graph. Rejects with 400 where it has none, or what is explained has no floats,
 * and else as `explain`.
 */
export async function explainByGradients(method: GradientMethod, call: ExplainCall): Promise<Explanation> {
  const { host, version, options, context } = call;
  if (version.config.ensemble)
    throw new ServiceError(
      400,
      `${version.label} is an ensemble, which has no gradients; kernel-shap, lime and occlusion take any`,
    );
  const scorer = openScorer(call);
  const item = await differentiated(call);
  const probe = new Probe(call, scorer);
  await allOf(probe.ask([item.inputs], { make: async (inputs) => [inputs], where: () => undefined }));
  const { target } = probe;
  const by: GradientWish['by'] = method === 'grad-cam' ? { kind: 'layer', name: options.layer } : item.by;
  // Of tokens a task makes one vector.
  const isMeanOfRows = scorer.output === undefined;
  return host.gradients.use(version, { output: scorer.reads, isMeanOfRows, by }, async (gradients) => {
    const most = mostRuns(method, item, options, probe.left);
    const onRun = (rows: number) => host.onEvaluations?.(probe.evaluations + rows, probe.evaluations + most);
    const sharesRuns = version.batching.isOn;
    const runner = new Runner({ gradients, item, target: target.index, sharesRuns, most: probe.left, context, onRun });
    const explained = await (method === 'grad-cam'
      ? byMaps(runner, item, call, gradients.by)
      : byElements(method, runner, item, host, options));
    const { by, scores } = gradients;
    const notes = [
      gradients.note,
      isMeanOfRows
        ? `the score is of '${scores}' itself, the mean over its rows where it has several, before the task makes a vector of it`
        : undefined,
      method === 'integrated-gradients' ? item.note : undefined,
    ].filter((note) => note !== undefined);
    return {
      method,
      target: { output: scores, ...target, of: gradients.of },
      ...explained,
      evaluations: probe.evaluations + runner.evaluations,
      gradients: { version: gradients.version, by, ...(notes.length > 0 && { note: notes.join('; ') }) },
    };
  });
}

type Explained = Omit<Explanation, 'method' | 'target' | 'evaluations' | 'gradients'>;

/**
 * Integrated gradients, or the gradient at the item times the item.
 *
 * Source of the second: Shrikumar et al., "Not Just a Black Box: Learning Important Features Through Propagating
 * Activation Differences", 2016, section 2.
 */
async function byElements(
  method: Exclude<GradientMethod, 'grad-cam'>,
  runner: Runner,
  item: Differentiated,
  host: ExplainHost,
  { steps, maxEvaluations }: ExplainOptions,
): Promise<Explained> {
  if (method === 'integrated-gradients') {
    const way = await runner.way();
    if (way.every((each) => each === 0)) return ofNothing(runner, item, host);
    // Both ends have scores too.
    const least = (steps ?? leastSteps) + 2;
    if (least > runner.left)
      throw tooFewEvaluations(
        `${method} with ${least - 2} steps runs the model on ${least} rows, beside ${maxEvaluations - runner.left} so far, and it may have ${maxEvaluations}; fewer 'steps' take fewer`,
      );
    const found = await integratedGradients(runner.walk, { way, steps, most: runner.left });
    const advice = `${steps === undefined ? "a larger 'max_evaluations'" : "as many 'steps' as it takes, by leaving it out,"} may bring them nearer`;
    return {
      value: found.value,
      baseline: item.baselineWords,
      baseline_value: found.baselineValue,
      ...(await item.shown(host, finiteWeights(found.weights), item.baseline)),
      completeness: {
        ...found.completeness,
        ...(found.completeness.gap > largeGap && {
          note: `the weights add up to within ${Number((found.completeness.gap * 100).toPrecision(2))} % only; ${advice}`,
        }),
      },
      steps: found.steps,
    };
  }
  const { scores, gradient, value } = await runner.whole();
  const values = floatsOf(item.by.kind === 'tokens' ? (value as FixedTensor) : item.own);
  const weights = Float64Array.from(floatsOf(gradient), (each, at) => each * (values[at] as number));
  return { value: scores[0] ?? 0, baseline: 'none', ...(await item.shown(host, finiteWeights(weights))) };
}

/** Of an item that is its own baseline: no way is left to go. */
async function ofNothing(runner: Runner, item: Differentiated, host: ExplainHost): Promise<Explained> {
  const { scores, gradient } = await runner.whole();
  const [value = 0] = scores;
  const weights = new Float64Array(floatsOf(gradient).length);
  return {
    value,
    baseline: item.baselineWords,
    baseline_value: value,
    ...(await item.shown(host, weights, item.baseline)),
    completeness: completenessOf(weights, value, value),
    steps: 0,
    note: alikeNote,
  };
}

async function byMaps(
  runner: Runner,
  item: Differentiated,
  { host, subject }: ExplainCall,
  layer: string,
): Promise<Explained> {
  if (!item.shownMap) {
    const advice = subject.tensors
      ? ': send one, as an item of a task for pictures, to /v1/explain'
      : ", and the model's task takes none; integrated-gradients and gradient-x-input go by what it takes";
    throw new ServiceError(400, `grad-cam is drawn over a picture${advice}`, { field: 'method' });
  }
  const { scores, gradient, value } = await runner.whole();
  const [, , height = 0, width = 0] = value?.shape ?? [];
  // Of one place each, all of the picture would have one colour.
  if (value?.shape.length !== 4 || height * width < 2)
    throw new ServiceError(
      400,
      `parameter 'layer': expected maps over a picture, [batch, maps, height, width], of several places, and '${layer}' is [${value?.shape}]: name another value of the graph`,
      { field: 'layer' },
    );
  const map = gradCam({ shape: value.shape, maps: floatsOf(value), gradient: floatsOf(gradient) });
  finiteWeights(map.values);
  return { value: scores[0] ?? 0, baseline: 'none', ...(await item.shownMap(host, map)) };
}

/** Rows that a method runs at most. */
function mostRuns(method: GradientMethod, { by }: Differentiated, { steps }: ExplainOptions, left: number): number {
  if (method !== 'integrated-gradients') return 1;
  // Beside the points both ends, and of tokens the vectors that the table has of them.
  return steps === undefined ? left : steps + 2 + (by.kind === 'tokens' ? 1 : 0);
}

interface RunnerOptions {
  readonly gradients: Gradients;
  readonly item: Differentiated;
  /** The place of the score. */
  readonly target: number;
  readonly sharesRuns: boolean;
  /** Rows that may be run. */
  readonly most: number;
  readonly context: InferenceContext;
  /** Hears how many rows were run. */
  readonly onRun: (rows: number) => void;
}

/** Runs what gives gradients on rows of an item. */
class Runner {
  readonly #options: RunnerOptions;
  evaluations = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  get left(): number {
    return this.#options.most - this.evaluations;
  }

  /** The item itself. */
  whole() {
    return this.#run([1]);
  }

  /** What the path goes by, element by element. */
  async way(): Promise<Float32Array> {
    const { by, own, baseline } = this.#options.item;
    if (by.kind === 'tokens') {
      // As the table has them, which no input does.
      const { value } = await this.whole();
      return floatsOf(value as FixedTensor).slice();
    }
    const from = floatsOf(baseline);
    return floatsOf(own).map((each, at) => each - (from[at] as number));
  }

  readonly walk: Walk = (points) => this.#walk(points);

  async *#walk(points: readonly number[]) {
    const { item, sharesRuns } = this.#options;
    const bytes = item.own.data.byteLength;
    const rows = sharesRuns ? Math.max(1, Math.min(mostRows, Math.floor(mostBytes / bytes))) : 1;
    for (let at = 0; at < points.length; at += rows) {
      const { scores, gradient } = await this.#run(points.slice(at, at + rows));
      yield { scores, gradients: floatsOf(gradient) };
    }
  }

  async #run(points: readonly number[]) {
    const { gradients, item, target, context, onRun } = this.#options;
    context.checkDeadline();
    if (points.length > this.left) throw tooFewEvaluations('too few rows for this explanation');
    this.evaluations += points.length;
    const { by } = item;
    const inputs = joinItems(points.map((point) => item.at(point)));
    const ask = { inputs, target, ...(by.kind === 'tokens' && { scale: points }) };
    const answer = await gradients.run(ask, context.signal());
    onRun(this.evaluations);
    for (const [at, score] of answer.scores.entries()) finiteScore(score, () => placeWords(points[at] as number));
    return answer;
  }
}

/** Where on the way a point is; undefined: at the item. */
function placeWords(point: number): string | undefined {
  if (point === 1) return undefined;
  return point === 0 ? 'to the baseline' : 'between the baseline and the item';
}
