import type { Clock } from '../../ports/clock.ts';
import type { PlacedTensor, Run, Session } from '../../ports/session.ts';
import type { FixedDatatype } from '../../protocol/datatype.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import { elementOf } from '../releases/element-of.ts';
import { MirroredTensors } from './mirrored-tensors.ts';
import { NearSession } from './near-session.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Inputs of the model and the target, by name. */
export type TrainingBatch = Readonly<Record<string, Tensor>>;

/** What came of a batch. */
export interface TrainingStep {
  /** Before the step. */
  readonly loss: number;
  /** The length of all gradients together before they were clipped, where they are. */
  readonly norm?: number;
}

/** The two models of a training, open. */
export interface TrainingSessions {
  readonly gradients: Session;
  readonly apply: Session;
}

/**
 * Takes the steps of a training: one model gives the gradients of a batch, another writes the next weights over the ones before.
 *
 * Weights, their gradients and the optimizer's states stay where they are, in the memory of the device that both models run on, or here; nothing of their size is made
 * anew in a step. One call is under way at a time.
 */
export class Trainer {
  /** Names of the weights that steps change. */
  readonly trained: readonly string[];
  /** Steps that were taken; to be set where a training goes on from a checkpoint. */
  steps = 0;
  readonly #sessions: TrainingSessions;
  readonly #plan: TrainingPlan;
  readonly #weights: ReadonlyMap<string, FixedTensor>;
  readonly #states: ReadonlyMap<string, FixedTensor>;
  /** Where they lie on a device. */
  readonly #mirrors: Readonly<Record<'weights' | 'states', MirroredTensors>> | undefined;
  readonly #gradients: readonly FixedTensor[];
  readonly #near: Readonly<Record<keyof TrainingSessions, NearSession>>;
  readonly #learn: Pick<Run, 'outputNames' | 'into'>;
  readonly #apply: Run;
  // Numbers that runs read and write, each where it stays.
  readonly #rate = number('FP64');
  readonly #step = number('FP64');
  readonly #loss: FixedTensor;
  readonly #norm: FixedTensor | undefined;

  /** @param weights of memory that is the trainer's own: it is written to */
  constructor(sessions: TrainingSessions, plan: TrainingPlan, weights: ReadonlyMap<string, FixedTensor>, clock: Clock) {
    const like = (name: string): FixedTensor => {
      const { datatype, shape, data } = weights.get(name) as FixedTensor;
      return { datatype, shape, data: new Uint8Array(data.length) };
    };
    const { parameters, loss, norm } = plan;
    this.#sessions = sessions;
    this.#plan = plan;
    this.#near = {
      gradients: new NearSession(sessions.gradients, clock),
      apply: new NearSession(sessions.apply, clock),
    };
    this.#weights = weights;
    this.trained = parameters.map(({ tensor }) => tensor.name);
    this.#states = new Map(
      parameters.flatMap(({ tensor, states }) => states.map(({ name }) => [name, like(tensor.name)] as const)),
    );
    const { gradients, apply } = sessions;
    const isPlaced = gradients.device !== undefined && gradients.device === apply.device;
    const place = (tensor: FixedTensor) => apply.place?.(tensor) as PlacedTensor;
    if (isPlaced)
      this.#mirrors = {
        weights: new MirroredTensors(weights, place),
        states: new MirroredTensors(this.#states, place),
      };
    this.#loss = numberLike(sessions.gradients, loss);
    this.#norm = norm === undefined ? undefined : numberLike(sessions.apply, norm);
    this.#gradients = parameters.map(({ tensor }) =>
      isPlaced ? place(weights.get(tensor.name) as FixedTensor) : like(tensor.name),
    );
    this.#learn = {
      outputNames: [loss, ...parameters.map(({ gradient }) => gradient)],
      into: [this.#loss, ...this.#gradients],
    };
    this.#apply = this.#applyRun();
  }

  /** By name, the frozen ones too; as they are now, in memory that may be written to until the next step. */
  get weights(): ReadonlyMap<string, FixedTensor> {
    return this.#mirrors?.weights.here() ?? this.#weights;
  }

  /** What the optimizer keeps, by name, as `weights` are. With these and `steps`, it is all that a checkpoint needs. */
  get states(): ReadonlyMap<string, FixedTensor> {
    return this.#mirrors?.states.here() ?? this.#states;
  }

  /**
   * Learns from a batch. Rejects where the loss is no number any more, with the weights as they were before; where `signal` ends it, they are too: a step is taken whole
   * or not at all.
   */
  async step(batch: TrainingBatch, learningRate: number, signal?: AbortSignal): Promise<TrainingStep> {
    await this.#near.gradients.run({ ...this.#feed(batch), ...this.#learn }, signal);
    const loss = numberOf(this.#loss);
    if (!Number.isFinite(loss))
      throw new Error(
        `the loss is ${loss} at step ${this.steps + 1}: expected a number; a lower learning rate may help`,
      );
    setNumber(this.#rate, learningRate);
    setNumber(this.#step, this.steps + 1);
    // Not to be ended midway: some weights would have taken the step, others not.
    this.#mirrors?.states.toDevice();
    await this.#near.apply.run(this.#apply);
    this.#mirrors?.weights.changed();
    this.#mirrors?.states.changed();
    this.steps += 1;
    return { loss, ...(this.#norm && { norm: numberOf(this.#norm) }) };
  }

  /** What the model says of a batch as it is now, and the loss; nothing is learned. */
  async evaluate(batch: TrainingBatch, signal?: AbortSignal): Promise<{ loss: number; prediction: FixedTensor }> {
    const { loss: lossName, prediction: predictionName } = this.#plan;
    const run = { ...this.#feed(batch), outputNames: [lossName, predictionName] };
    const [loss, prediction] = await this.#near.gradients.run(run, signal);
    return { loss: numberOf(loss as FixedTensor), prediction: prediction as FixedTensor };
  }

  /** Frees what is not JavaScript's; `weights` and `states` stay. */
  async release(): Promise<void> {
    this.#mirrors?.weights.release();
    this.#mirrors?.states.release();
    for (const { held } of this.#gradients) held?.release();
    await this.#sessions.gradients.release();
    await this.#sessions.apply.release();
  }

  /** Of the batch and the weights what the model with the gradients takes. */
  #feed(batch: TrainingBatch): Pick<Run, 'inputs' | 'inputNames'> {
    const inputNames = this.#sessions.gradients.inputs.map(({ name }) => name);
    this.#mirrors?.weights.toDevice();
    const weights = this.#mirrors?.weights.placed ?? this.#weights;
    const inputs = inputNames.map((name) => {
      const tensor = batch[name] ?? weights.get(name);
      if (!tensor) throw new Error(`the batch has no '${name}': it has ${Object.keys(batch).join(', ')}`);
      return tensor;
    });
    return { inputs, inputNames };
  }

  /** The run that takes a step, of the same memory each time. */
  #applyRun(): Run {
    const { parameters, learningRate, step, norm } = this.#plan;
    const { weights, states } = this.#mirrors ?? {};
    const feeds = new Map<string, FixedTensor>([
      ...(weights?.placed ?? this.#weights),
      ...(states?.placed ?? this.#states),
    ]);
    feeds.set(learningRate, this.#rate);
    feeds.set(step, this.#step);
    const into: FixedTensor[] = [];
    const outputNames: string[] = [];
    for (const [at, { tensor, gradient, next, states: kept }] of parameters.entries()) {
      feeds.set(gradient, this.#gradients[at] as FixedTensor);
      for (const place of [{ name: tensor.name, next }, ...kept]) {
        into.push(feeds.get(place.name) as FixedTensor);
        outputNames.push(place.next);
      }
    }
    if (norm !== undefined && this.#norm) {
      into.push(this.#norm);
      outputNames.push(norm);
    }
    const inputNames = this.#sessions.apply.inputs.map(({ name }) => name);
    const inputs = inputNames.map((name) => feeds.get(name) as FixedTensor);
    return { inputs, inputNames, outputNames, into, lasts: true };
  }
}

/** Memory for one number. */
function number(datatype: FixedDatatype): FixedTensor {
  return { datatype, shape: [], data: new Uint8Array(elementBytes[datatype]) };
}

/** Memory for the number that is an output. */
function numberLike({ outputs }: Session, name: string): FixedTensor {
  return number(outputs.find((output) => output.name === name)?.datatype as FixedDatatype);
}

function setNumber({ data }: FixedTensor, value: number): void {
  new DataView(data.buffer, data.byteOffset).setFloat64(0, value, true);
}

function numberOf(tensor: FixedTensor): number {
  return Number(elementOf(tensor)(0));
}
