import type { Run, Session } from '../../ports/session.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import { elementOf } from '../releases/element-of.ts';
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
 * Weights and the optimizer's states stay where they are; nothing of their size is made anew in a step. One call is under way at a time.
 */
export class Trainer {
  /** By name, the frozen ones too. */
  readonly weights: ReadonlyMap<string, FixedTensor>;
  /** Names of the weights that steps change. */
  readonly trained: readonly string[];
  /** What the optimizer keeps, by name. With `weights` and `steps`, it is all that a checkpoint needs. */
  readonly states: ReadonlyMap<string, FixedTensor>;
  /** Steps that were taken; to be set where a training goes on from a checkpoint. */
  steps = 0;
  readonly #sessions: TrainingSessions;
  readonly #plan: TrainingPlan;
  readonly #gradients: readonly FixedTensor[];

  /** @param weights of memory that is the trainer's own: it is written to */
  constructor(sessions: TrainingSessions, plan: TrainingPlan, weights: ReadonlyMap<string, FixedTensor>) {
    const like = (name: string): FixedTensor => {
      const { datatype, shape, data } = weights.get(name) as FixedTensor;
      return { datatype, shape, data: new Uint8Array(data.length) };
    };
    this.#sessions = sessions;
    this.#plan = plan;
    this.weights = weights;
    this.trained = plan.parameters.map(({ tensor }) => tensor.name);
    this.states = new Map(
      plan.parameters.flatMap(({ tensor, states }) => states.map(({ name }) => [name, like(tensor.name)] as const)),
    );
    this.#gradients = plan.parameters.map(({ tensor }) => like(tensor.name));
  }

  /**
   * Learns from a batch. Rejects where the loss is no number any more, with the weights as they were before; where `signal` ends it, they are too: a step is taken whole
   * or not at all.
   */
  async step(batch: TrainingBatch, learningRate: number, signal?: AbortSignal): Promise<TrainingStep> {
    const { parameters, loss: lossName } = this.#plan;
    const outputNames = [lossName, ...parameters.map(({ gradient }) => gradient)];
    const run = { ...this.#feed(batch), outputNames, into: [undefined, ...this.#gradients] };
    const [loss] = await this.#sessions.gradients.run(run, signal);
    const value = numberOf(loss);
    if (!Number.isFinite(value))
      throw new Error(
        `the loss is ${value} at step ${this.steps + 1}: expected a number; a lower learning rate may help`,
      );
    const norm = await this.#apply(learningRate);
    this.steps += 1;
    return { loss: value, ...(norm !== undefined && { norm }) };
  }

  /** What the model says of a batch as it is now, and the loss; nothing is learned. */
  async evaluate(batch: TrainingBatch, signal?: AbortSignal): Promise<{ loss: number; prediction: FixedTensor }> {
    const { loss: lossName, prediction: predictionName } = this.#plan;
    const run = { ...this.#feed(batch), outputNames: [lossName, predictionName] };
    const [loss, prediction] = await this.#sessions.gradients.run(run, signal);
    return { loss: numberOf(loss), prediction: prediction as FixedTensor };
  }

  /** Frees what is not JavaScript's; `weights` and `states` stay. */
  async release(): Promise<void> {
    await this.#sessions.gradients.release();
    await this.#sessions.apply.release();
  }

  /** Of the batch and the weights what the model with the gradients takes. */
  #feed(batch: TrainingBatch): Pick<Run, 'inputs' | 'inputNames'> {
    const inputNames = this.#sessions.gradients.inputs.map(({ name }) => name);
    const inputs = inputNames.map((name) => {
      const tensor = batch[name] ?? this.weights.get(name);
      if (!tensor) throw new Error(`the batch has no '${name}': it has ${Object.keys(batch).join(', ')}`);
      return tensor;
    });
    return { inputs, inputNames };
  }

  // Not to be ended midway: some weights would have taken the step, others not.
  async #apply(learningRate: number): Promise<number | undefined> {
    const { parameters, learningRate: rateName, step, norm } = this.#plan;
    const feeds = new Map<string, FixedTensor>([...this.weights, ...this.states]);
    const into: FixedTensor[] = [];
    const outputNames: string[] = [];
    for (const [at, { tensor, gradient, next, states }] of parameters.entries()) {
      feeds.set(gradient, this.#gradients[at] as FixedTensor);
      for (const place of [{ name: tensor.name, next }, ...states]) {
        into.push(feeds.get(place.name) as FixedTensor);
        outputNames.push(place.next);
      }
    }
    feeds.set(rateName, scalar(learningRate));
    feeds.set(step, scalar(this.steps + 1));
    const inputNames = this.#sessions.apply.inputs.map(({ name }) => name);
    const inputs = inputNames.map((name) => feeds.get(name) as FixedTensor);
    if (norm === undefined) {
      await this.#sessions.apply.run({ inputs, inputNames, outputNames, into });
      return undefined;
    }
    const outputs = await this.#sessions.apply.run({
      inputs,
      inputNames,
      outputNames: [...outputNames, norm],
      into: [...into, undefined],
    });
    return numberOf(outputs.at(-1));
  }
}

function scalar(value: number): FixedTensor {
  return { datatype: 'FP64', shape: [], data: new Uint8Array(Float64Array.of(value).buffer) };
}

function numberOf(tensor: Tensor | undefined): number {
  return Number(elementOf(tensor as Tensor)(0));
}
