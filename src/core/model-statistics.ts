/** How long the stages of one request took, in milliseconds. */
export interface StageTimes {
  inputMs: number;
  loadMs: number;
  queueMs: number;
  inferMs: number;
  outputMs: number;
}

/** How long the stages of one run took, in milliseconds. */
export type RunTimes = Pick<StageTimes, 'inputMs' | 'inferMs' | 'outputMs'>;

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

/** Larger runs are counted with those of up to the next power of two rows, so that there is an end to the sizes. */
const mostExactRows = 128;

/** Counts and times of one version of a model, in the form of Triton's statistics extension. */
export class ModelStatistics {
  readonly #success = new Duration();
  readonly #fail = new Duration();
  readonly #queue = new Duration();
  readonly #input = new Duration();
  readonly #infer = new Duration();
  readonly #output = new Duration();
  readonly #batches = new Map<number, Record<'input' | 'infer' | 'output', Duration>>();
  #inferences = 0;
  #executions = 0;
  #lastInference = 0;

  /** Records a run of the model over `rows` rows, whatever becomes of its requests. */
  executed(rows: number, { inputMs, inferMs, outputMs }: RunTimes): void {
    this.#executions += 1;
    const size = rows <= mostExactRows ? rows : 2 ** Math.ceil(Math.log2(rows));
    const batch = this.#batches.get(size) ?? { input: new Duration(), infer: new Duration(), output: new Duration() };
    this.#batches.set(size, batch);
    batch.input.add(inputMs);
    batch.infer.add(inferMs);
    batch.output.add(outputMs);
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
      batch_stats: [...this.#batches]
        .sort(([one], [other]) => one - other)
        .map(([size, { input, infer, output }]) => ({
          batch_size: size,
          compute_input: input,
          compute_infer: infer,
          compute_output: output,
        })),
      memory_usage: [],
    };
  }
}
