import type { Run } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { RunPlan } from './run-plan.ts';

// Callers choose which outputs they want, so the number of combinations is theirs: it needs a bound.
const maxPlans = 64;

/** The plans of one session, by the names of inputs and outputs. */
export class RunPlans {
  readonly #plans = new Map<string, RunPlan>();
  readonly #outputs: readonly TensorSpec[];
  #last: RunPlan | undefined;

  constructor(outputs: readonly TensorSpec[]) {
    this.#outputs = outputs;
  }

  for(run: Run): RunPlan {
    if (!this.#last?.fits(run)) this.#last = this.#find(run);
    return this.#last;
  }

  #find(run: Run): RunPlan {
    const key = JSON.stringify([run.inputNames, run.outputNames]);
    const found = this.#plans.get(key);
    if (found) return found;
    if (this.#plans.size >= maxPlans) this.#plans.clear();
    const plan = new RunPlan(run, this.#outputs);
    this.#plans.set(key, plan);
    return plan;
  }
}
