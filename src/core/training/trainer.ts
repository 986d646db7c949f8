import type { Clock } from '../../ports/clock.ts';
import type { PlacedTensor, Run, Session } from '../../ports/session.ts';
import type { StepRule, TrainingPlan } from '../../ports/training-plan.ts';
import type { FixedDatatype } from '../../protocol/datatype.ts';
import type { FixedTensor, Tensor, TensorKind } from '../../protocol/tensor.ts';
import { elementOf } from '../releases/element-of.ts';
import { zeroTensor } from '../zero-tensor.ts';
import { NearSession } from './near-session.ts';
import { partOf } from './part-of.ts';
import { type BlockMemory, TrainerMemory } from './trainer-memory.ts';

/** Inputs of the model and the target, by name. */
export type TrainingBatch = Readonly<Record<string, Tensor>>;

/** What came of a batch. */
export interface TrainingStep {
  /** Before the step. */
  readonly loss: number;
  /** The length of all gradients together before they were clipped, where they are. */
  readonly norm?: number;
}

/** The models of a training, open. */
export interface TrainingSessions {
  readonly gradients: Session;
  /** Takes the same inputs, and gives the loss and the prediction alone. */
  readonly evaluation: Session;
  /** In the order of the plan. */
  readonly apply: readonly Session[];
}

/** Numbers that runs read, each where it stays. */
interface Numbers {
  readonly rate: FixedTensor;
  readonly step: FixedTensor;
  readonly norm: FixedTensor;
}

/**
 * Takes the steps of a training: one model gives the gradients of a batch, another writes the next weights over the
 * ones before.
 *
 * Weights, their gradients and the optimizer's states stay where they are, in the memory of the device that the models
 * run on, or here; nothing of their size is made anew in a step. One call is under way at a time.
 */
export class Trainer {
  /** Names of the weights that steps change. */
  readonly trained: readonly string[];
  /** Steps that were taken; to be set where a training goes on from a checkpoint. */
  steps = 0;
  readonly #sessions: TrainingSessions;
  readonly #plan: TrainingPlan;
  readonly #memory: TrainerMemory;
  readonly #near: Readonly<Record<'gradients' | 'evaluation', NearSession>>;
  readonly #learn: Required<Pick<Run, 'outputNames' | 'into'>>;
  readonly #pieces: readonly { readonly session: NearSession; readonly run: Run }[];
  readonly #numbers: Numbers = { rate: double(), step: double(), norm: double() };
  readonly #loss: FixedTensor;

  /**
   * @param kinds of all weights, which are zeros until `weights` are written to
   * @param pieceElements how many elements take a step at a time where that is done here: as many as stay in a
   *   processor's cache. Those on a device take it at once
   */
  constructor(
    sessions: TrainingSessions,
    plan: TrainingPlan,
    kinds: ReadonlyMap<string, TensorKind>,
    { clock, pieceElements }: { readonly clock: Clock; readonly pieceElements: number },
  ) {
    const { gradients, evaluation, apply } = sessions;
    const { parameters, loss, norm } = plan;
    const others = [evaluation, ...apply];
    const isPlaced = gradients.device !== undefined && others.every(({ device }) => device === gradients.device);
    this.#sessions = sessions;
    this.#plan = plan;
    this.trained = parameters.map(({ tensor }) => tensor.name);
    const place = (like: TensorKind) => gradients.place?.(like) as PlacedTensor;
    this.#memory = new TrainerMemory(kinds, plan, isPlaced ? place : undefined);
    this.#near = { gradients: new NearSession(gradients, clock), evaluation: new NearSession(evaluation, clock) };
    this.#loss = numberLike(gradients, loss);
    const told = norm === undefined ? [] : [norm];
    this.#learn = {
      outputNames: [loss, ...parameters.map(({ gradient }) => gradient), ...told],
      into: [
        this.#loss,
        ...this.trained.map((name) => this.#memory.gradients.get(name) as FixedTensor),
        ...told.map(() => this.#numbers.norm),
      ],
    };
    const near = apply.map((session) => new NearSession(session, clock));
    this.#pieces = this.#memory.blocks.flatMap((memory) => {
      const at = plan.apply.findIndex(({ datatype }) => datatype === memory.block.datatype);
      const rule = plan.apply[at] as StepRule;
      const session = near[at] as NearSession;
      const runs = isPlaced
        ? [stepRun(rule, memory, this.#numbers)]
        : Array.from(piecesOf(memory, pieceElements), (piece) => stepRun(rule, piece, this.#numbers));
      return runs.map((run) => ({ session, run }));
    });
  }

  /** By name, the frozen ones too; as they are now, in memory that may be written to until the next step. */
  get weights(): ReadonlyMap<string, FixedTensor> {
    return this.#memory.weights;
  }

  /** What the optimizer keeps, by name, as `weights` are. With these and `steps`, it is all that a checkpoint needs. */
  get states(): ReadonlyMap<string, FixedTensor> {
    return this.#memory.states;
  }

  /**
   * Learns from a batch. Rejects where the loss is no number any more, with the weights as they were before; where
   * `signal` ends it, they are too: a step is taken whole or not at all.
   */
  async step(batch: TrainingBatch, learningRate: number, signal?: AbortSignal): Promise<TrainingStep> {
    await this.#near.gradients.run({ ...this.#feed(batch), ...this.#learn }, signal);
    const loss = numberOf(this.#loss);
    if (!Number.isFinite(loss))
      throw new Error(
        `the loss is ${loss} at step ${this.steps + 1}: expected a number; a lower learning rate may help`,
      );
    const { rate, step, norm } = this.#numbers;
    setNumber(rate, learningRate);
    setNumber(step, this.steps + 1);
    this.#memory.toDevice('states');
    // Not to be ended midway: some weights would have taken the step, others not.
    for (const { session, run } of this.#pieces) await session.run(run);
    this.#memory.changed();
    this.steps += 1;
    return { loss, ...(this.#plan.norm !== undefined && { norm: numberOf(norm) }) };
  }

  /** What the model says of a batch as it is now, and the loss; nothing is learned. */
  async evaluate(batch: TrainingBatch, signal?: AbortSignal): Promise<{ loss: number; prediction: FixedTensor }> {
    const { loss: lossName, prediction: predictionName } = this.#plan;
    const run = { ...this.#feed(batch), outputNames: [lossName, predictionName] };
    const [loss, prediction] = await this.#near.evaluation.run(run, signal);
    return { loss: numberOf(loss as FixedTensor), prediction: prediction as FixedTensor };
  }

  /** Frees what is not JavaScript's; `weights` and `states` stay. */
  async release(): Promise<void> {
    this.#memory.release();
    const { gradients, evaluation, apply } = this.#sessions;
    for (const session of [gradients, evaluation, ...apply]) await session.release();
  }

  /** Of the batch and the weights what the models with the gradients and the loss take. */
  #feed(batch: TrainingBatch): Pick<Run, 'inputs' | 'inputNames'> {
    const inputNames = this.#sessions.gradients.inputs.map(({ name }) => name);
    this.#memory.toDevice('weights');
    const inputs = inputNames.map((name) => {
      const tensor = batch[name] ?? this.#memory.fed.get(name);
      if (!tensor) throw new Error(`the batch has no '${name}': it has ${Object.keys(batch).join(', ')}`);
      return tensor;
    });
    return { inputs, inputNames };
  }
}

/** A block's memory in pieces of so many elements; the last may have fewer. */
function* piecesOf({ block, weights, gradients, states }: BlockMemory, elements: number): Generator<BlockMemory> {
  for (let start = 0; start < block.elements; start += elements) {
    const shape = [Math.min(elements, block.elements - start)];
    const [piece, slopes] = [partOf(weights, start, shape), partOf(gradients, start, shape)];
    yield { block, weights: piece, gradients: slopes, states: states.map((state) => partOf(state, start, shape)) };
  }
}

/** The run that takes a step over what it reads, of the same memory each time. */
function stepRun(rule: StepRule, { block, weights, gradients, states }: BlockMemory, numbers: Numbers): Run {
  const decay = double();
  setNumber(decay, block.decays ? 1 : 0);
  const inputs: readonly (readonly [string, FixedTensor])[] = [
    [rule.parameter, weights],
    [rule.gradient, gradients],
    ...rule.states.map(({ name }, at) => [name, states[at] as FixedTensor] as const),
    [rule.learningRate, numbers.rate],
    [rule.step, numbers.step],
    [rule.decay, decay],
    ...(rule.norm === undefined ? [] : [[rule.norm, numbers.norm] as const]),
  ];
  return {
    inputNames: inputs.map(([name]) => name),
    inputs: inputs.map(([, tensor]) => tensor),
    outputNames: [rule.next, ...rule.states.map(({ next }) => next)],
    into: [weights, ...states],
    lasts: true,
  };
}

/** Memory for one number. */
function double(): FixedTensor {
  return zeroTensor({ datatype: 'FP64', shape: [] });
}

/** Memory for the number that is an output. */
function numberLike({ outputs }: Session, name: string): FixedTensor {
  const datatype = outputs.find((output) => output.name === name)?.datatype as FixedDatatype;
  return zeroTensor({ datatype, shape: [] });
}

function setNumber({ data }: FixedTensor, value: number): void {
  new DataView(data.buffer, data.byteOffset).setFloat64(0, value, true);
}

function numberOf(tensor: FixedTensor): number {
  return Number(elementOf(tensor)(0));
}
