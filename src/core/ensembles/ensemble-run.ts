import type { EnsembleStep } from '../../ports/model-store.ts';
import type { Run, SessionOutput } from '../../ports/session.ts';
import type { HeldData } from '../../protocol/tensor.ts';
import { cancelledRequest } from '../cancelled-request.ts';

/** What is wanted of a step. */
export interface StepOutputs {
  readonly outputs: readonly string[];
  /** Those that may stay on its model's device, as they are only taken there; undefined: none. */
  readonly staying: ReadonlySet<string> | undefined;
}

/** Runs a step on the tensors of its inputs, by their names, and gives those of the outputs asked for. */
export type RunStep = (
  step: EnsembleStep,
  inputs: ReadonlyMap<string, SessionOutput>,
  wanted: StepOutputs,
  signal: AbortSignal,
) => Promise<readonly SessionOutput[]>;

/** The device that the model of a step runs on, where tensors can stay there; undefined: they cannot. */
export type DeviceOf = (step: EnsembleStep) => string | undefined;

/**
 * One run of an ensemble: a step begins once all that it takes is there, and a tensor is let go once nobody needs it.
 * What goes from one device to the same one only, stays there until the last step that takes it has ended.
 */
export class EnsembleRun {
  readonly #run: Run;
  readonly #runStep: RunStep;
  readonly #deviceOf: DeviceOf;
  readonly #tensors = new Map<string, SessionOutput>();
  /** How many of the steps to come, and of the outputs, need a tensor. */
  readonly #needs = new Map<string, number>();
  /** Of each step under way one of its own: what listens to it, and holds the step's tensors, goes with the step. */
  readonly #endings = new Set<AbortController>();
  #waiting: readonly EnsembleStep[] = [];
  /** Of data on devices: steps that take it and have not ended. */
  readonly #held = new Map<HeldData, number>();
  #failure: { readonly error: unknown } | undefined;

  constructor(run: Run, steps: readonly EnsembleStep[], runStep: RunStep, deviceOf: DeviceOf) {
    this.#run = run;
    this.#runStep = runStep;
    this.#deviceOf = deviceOf;
    this.#plan(run.outputNames, steps);
    for (const [index, name] of run.inputNames.entries()) this.#put(name, run.inputs[index] as SessionOutput);
  }

  /**
   * The outputs. Rejects as the first step that failed, or with 504 where `signal` aborts; then all steps have ended.
   */
  async outputs(signal: AbortSignal | undefined): Promise<readonly SessionOutput[]> {
    const end = () => this.#fail(cancelledRequest());
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
    try {
      await this.#begin();
    } finally {
      signal?.removeEventListener('abort', end);
      // Where a step failed, others did not begin.
      for (const held of this.#held.keys()) held.release();
    }
    if (this.#failure) throw this.#failure.error;
    return this.#run.outputNames.map((name) => this.#tensors.get(name) as SessionOutput);
  }

  /** Only steps that an output depends on run. */
  #plan(outputs: readonly string[], steps: readonly EnsembleStep[]): void {
    const wanted = [...outputs];
    const needed = new Set<EnsembleStep>();
    for (let tensor = wanted.pop(); tensor !== undefined; tensor = wanted.pop()) {
      const name = tensor;
      const giver = steps.find((step) => Object.values(step.outputs).includes(name));
      this.#needs.set(name, (this.#needs.get(name) ?? 0) + 1);
      if (!giver || needed.has(giver)) continue;
      needed.add(giver);
      wanted.push(...new Set(Object.values(giver.inputs)));
    }
    this.#waiting = steps.filter((step) => needed.has(step));
  }

  /** Begins the steps that can, and those that can then, until none is left. */
  async #begin(): Promise<void> {
    if (this.#failure) return;
    const ready = this.#waiting.filter((step) => Object.values(step.inputs).every((name) => this.#tensors.has(name)));
    this.#waiting = this.#waiting.filter((step) => !ready.includes(step));
    await Promise.all(ready.map((step) => this.#step(step)));
  }

  /** A function of its own: while it waits for later steps it must not hold this one's tensors. */
  async #step(step: EnsembleStep): Promise<void> {
    await this.#try(step);
    await this.#begin();
  }

  async #try(step: EnsembleStep): Promise<void> {
    const outputs = Object.entries(step.outputs).filter(([, tensor]) => this.#needs.has(tensor));
    const wanted = { outputs: outputs.map(([output]) => output), staying: this.#staying(step, outputs) };
    const ending = new AbortController();
    this.#endings.add(ending);
    const taken = this.#take(step);
    const held = this.#held.size > 0 ? heldIn(taken) : undefined;
    try {
      const tensors = await this.#runStep(step, taken, wanted, ending.signal);
      for (const [index, [, tensor]] of outputs.entries()) this.#put(tensor, tensors[index] as SessionOutput);
    } catch (error) {
      this.#fail(error);
    }
    if (held) this.#leave(held);
    this.#endings.delete(ending);
  }

  /** Outputs of a step that nobody takes but steps on its device. */
  #staying(step: EnsembleStep, outputs: readonly [string, string][]): ReadonlySet<string> | undefined {
    const device = this.#deviceOf(step);
    if (device === undefined) return undefined;
    const staying = outputs.filter(([, tensor]) => {
      const takers = this.#takers(tensor);
      return !this.#run.outputNames.includes(tensor) && takers.every((taker) => this.#deviceOf(taker) === device);
    });
    return new Set(staying.map(([output]) => output));
  }

  /** Of a tensor that is not there yet. */
  #takers(tensor: string): readonly EnsembleStep[] {
    return this.#waiting.filter(({ inputs }) => Object.values(inputs).includes(tensor));
  }

  /** A step that took data on a device has ended. */
  #leave(held: ReadonlySet<HeldData>): void {
    for (const data of held) {
      const steps = (this.#held.get(data) ?? 0) - 1;
      this.#held.set(data, steps);
      if (steps > 0) continue;
      this.#held.delete(data);
      data.release();
    }
  }

  #fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = { error };
    for (const ending of this.#endings) ending.abort();
  }

  #put(name: string, tensor: SessionOutput): void {
    if (!this.#needs.has(name)) return;
    this.#tensors.set(name, tensor);
    if (tensor.held) this.#held.set(tensor.held, this.#takers(name).length);
  }

  #take(step: EnsembleStep): ReadonlyMap<string, SessionOutput> {
    const inputs = Object.entries(step.inputs).map(
      ([input, tensor]) => [input, this.#tensors.get(tensor) as SessionOutput] as const,
    );
    for (const tensor of new Set(Object.values(step.inputs))) {
      const needs = (this.#needs.get(tensor) ?? 0) - 1;
      this.#needs.set(tensor, needs);
      if (needs === 0) this.#tensors.delete(tensor);
    }
    return new Map(inputs);
  }
}

function heldIn(tensors: ReadonlyMap<string, SessionOutput>): ReadonlySet<HeldData> {
  return new Set([...tensors.values()].flatMap(({ held }) => held ?? []));
}
