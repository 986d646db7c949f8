import { DurationHistogram } from './duration-histogram.ts';
import { type FailureReason, failureReason } from './failure-reason.ts';

/** How long the stages of one request took, in milliseconds. */
export interface StageTimes {
  inputMs: number;
  loadMs: number;
  queueMs: number;
  inferMs: number;
  outputMs: number;
  /** Of looking an answer up, and of keeping one that was not there. Absent: none was looked for. */
  cache?: { readonly isHit: boolean; readonly ms: number };
}

/** How often something was timed, and how long it took together. */
export interface DurationRecord {
  readonly count: number;
  readonly ns: number;
}

/** The statistics of one version, as Triton's extension writes them. */
export interface StatisticsRecord {
  /** Milliseconds since 1970. */
  readonly last_inference: number;
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Readonly<
    Record<
      'success' | 'fail' | 'queue' | 'compute_input' | 'compute_infer' | 'compute_output' | 'cache_hit' | 'cache_miss',
      DurationRecord
    >
  >;
  readonly response_stats: object;
  readonly batch_stats: readonly object[];
  readonly memory_usage: readonly object[];
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

  get record(): DurationRecord {
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
  readonly #cacheHit = new Duration();
  readonly #cacheMiss = new Duration();
  readonly #failures = new Map<FailureReason, number>();
  /** Of the requests that were answered. */
  readonly durations = new DurationHistogram();
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

  /**
   * Records a request that was answered, with as many inferences as it has `rows`; none where the answer was kept from
   * before.
   */
  succeeded(times: StageTimes, rows: number): void {
    const { cache } = times;
    const runMs = times.inputMs + times.loadMs + times.queueMs + times.inferMs + times.outputMs;
    const totalMs = runMs + (cache?.ms ?? 0);
    this.#success.add(totalMs);
    this.durations.add(totalMs);
    this.#queue.add(times.queueMs + times.loadMs);
    this.#lastInference = Date.now();
    if (cache) (cache.isHit ? this.#cacheHit : this.#cacheMiss).add(cache.ms);
    if (cache?.isHit) return;
    this.#input.add(times.inputMs);
    this.#infer.add(times.inferMs);
    this.#output.add(times.outputMs);
    this.#inferences += rows;
  }

  /** Records a request that named this version and failed on `error`. */
  failed(ms: number, error: unknown): void {
    this.#fail.add(ms);
    const reason = failureReason(error);
    this.#failures.set(reason, this.failures(reason) + 1);
  }

  /** How many requests failed for `reason`. */
  failures(reason: FailureReason): number {
    return this.#failures.get(reason) ?? 0;
  }

  toJSON(): StatisticsRecord {
    return {
      last_inference: this.#lastInference,
      inference_count: this.#inferences,
      execution_count: this.#executions,
      inference_stats: {
        success: this.#success.record,
        fail: this.#fail.record,
        queue: this.#queue.record,
        compute_input: this.#input.record,
        compute_infer: this.#infer.record,
        compute_output: this.#output.record,
        cache_hit: this.#cacheHit.record,
        cache_miss: this.#cacheMiss.record,
      },
      response_stats: {},
      batch_stats: [...this.#batches]
        .sort(([one], [other]) => one - other)
        .map(([size, { input, infer, output }]) => ({
          batch_size: size,
          compute_input: input.record,
          compute_infer: infer.record,
          compute_output: output.record,
        })),
      memory_usage: [],
    };
  }
}
