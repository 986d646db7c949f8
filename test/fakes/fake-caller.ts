import { Batcher } from '../../src/core/batching/batcher.ts';
import type { Watchdog } from '../../src/core/batching/watchdog.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import type { BatchingConfig, ModelConfig, QueueConfig } from '../../src/ports/model-store.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import { defaultConfig } from './fake-store.ts';
import type { FakeTime } from './fake-time.ts';
import { floatTensor } from './float-tensor.ts';
import type { GatedSession } from './gated-session.ts';

export interface CallerSettings {
  readonly batching?: Partial<BatchingConfig>;
  readonly queue?: Partial<QueueConfig>;
  readonly config?: Partial<ModelConfig>;
  readonly turns?: RunQueue;
  readonly watchdog?: Watchdog;
}

export interface AskOptions {
  readonly width?: number;
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly outputNames?: readonly string[];
  /** Of an input 'mask' of ones beside. @default there is none */
  readonly maskWidth?: number;
}

/** Asks a model whose runs are long for rows of two numbers. */
export class FakeCaller {
  readonly version: ModelVersion;
  readonly #batcher: Batcher;
  readonly #session: GatedSession;

  constructor(session: GatedSession, time: FakeTime, settings: CallerSettings = {}) {
    const { batching, queue, config, turns = new RunQueue(1, 100), watchdog = { runTimeoutMs: 0 } } = settings;
    this.#session = session;
    this.version = new ModelVersion('m', 1, {
      ...defaultConfig,
      ...config,
      batching: { ...defaultConfig.batching, ...batching },
      queue: { ...defaultConfig.queue, ...queue },
    });
    this.version.batching = { isOn: true, whyNot: '' };
    // Runs are known to be quick enough for many rows.
    this.version.batchCost.observe(1e6, 1);
    this.#batcher = new Batcher(this.version, turns, time, time, watchdog);
  }

  /** The numbers of the answer, or the message of the refusal. */
  async ask(
    values: readonly number[],
    {
      width = 2,
      priority = 1,
      signal = new AbortController().signal,
      outputNames = ['y'],
      maskWidth = 0,
    }: AskOptions = {},
  ): Promise<number[] | string> {
    const rows = values.length / width;
    const x = floatTensor([rows, width], values);
    const mask = floatTensor([rows, maskWidth], Array(rows * maskWidth).fill(1));
    const run =
      maskWidth > 0
        ? { inputNames: ['x', 'mask'], inputs: [x, mask], outputNames }
        : { inputNames: ['x'], inputs: [x], outputNames };
    const times = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
    const context = { times, signal: () => signal, checkDeadline: () => undefined, checkOutput: () => undefined };
    try {
      const [output] = await this.#batcher.run(this.#session, run, priority, context);
      return [...new Float32Array((output as FixedTensor).data.slice().buffer)];
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Of each run: its rows, why it began then and was no larger, and what became of it. */
  log(): readonly string[] {
    return this.version.batches
      .newest()
      .map(({ rows, released, closed, outcome }) => `${rows} ${released} ${closed} ${outcome}`)
      .toReversed();
  }
}
