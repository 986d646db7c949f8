/** How long the stages of one request took, in milliseconds. */
export interface StageTimes {
  inputMs: number;
  loadMs: number;
  queueMs: number;
  inferMs: number;
  outputMs: number;
}

class Duration {
  count = 0;
  #ms = 0;

  add(ms: number): void {
    this.count += 1;
    this.#ms += ms;
  }

  toJSON(): { count: number; ns: number } {
    return { count: this.count, ns: Math.round(this.#ms * 1e6) };
  }
}

/** Counts and times of one version of a model, in the form of Triton's statistics extension. */
export class ModelStatistics {
  readonly #success = new Duration();
  readonly #fail = new Duration();
  readonly #queue = new Duration();
  readonly #input = new Duration();
  readonly #infer = new Duration();
  readonly #output = new Duration();
  #inferences = 0;
  #executions = 0;
  #lastInference = 0;

  /** Records a run of the model, whatever becomes of the request. */
  executed(): void {
    this.#executions += 1;
  }

  /** Records a request that was answered, with as many inferences as it has `rows`. */
  succeeded(times: StageTimes, rows: number): void {
    this.#success.add(times.inputMs + times.loadMs + times.queueMs + times.inferMs + times.outputMs);
    this.#queue.add(times.queueMs + times.loadMs);
    this.#input.add(times.inputMs);
    this.#infer.add(times.inferMs);
    this.#output.add(times.outputMs);
    this.#inferences += rows;
    this.#lastInference = Date.now();
  }

  /** Records a request that named this version and failed. */
  failed(ms: number): void {
    this.#fail.add(ms);
  }

  toJSON(): Record<string, unknown> {
    const none = new Duration();
    return {
      last_inference: this.#lastInference,
      inference_count: this.#inferences,
      execution_count: this.#executions,
      inference_stats: {
        success: this.#success,
        fail: this.#fail,
        queue: this.#queue,
        compute_input: this.#input,
        compute_infer: this.#infer,
        compute_output: this.#output,
        cache_hit: none,
        cache_miss: none,
      },
      response_stats: {},
      batch_stats: [],
      memory_usage: [],
    };
  }
}
