import { availableParallelism } from 'node:os';
import { layoutsFor } from '../src/core/tuning/layouts-for.ts';
import { measureLoad } from '../src/core/tuning/measure-load.ts';
import { searchSettings } from '../src/core/tuning/search-settings.ts';
import type { Trial } from '../src/core/tuning/trial.ts';
import type { ModelStore, StoredModel } from '../src/ports/model-store.ts';
import { tuningRequest } from './tuning-request.ts';
import { openTuningService, type TuningService } from './tuning-service.ts';

const batchSizes = [1, 2, 4, 8, 16, 32, 64];
/** Of the time there is, what one measurement takes: enough for a dozen settings, each with some numbers of callers. */
const measurements = 60;

export interface Tuning {
  readonly store: ModelStore;
  readonly model: StoredModel;
  readonly version: number;
  readonly goalMs: number;
  /** Time for measurements; what has begun is brought to its end. */
  readonly seconds: number;
  /** File with a request to measure with. @default random values */
  readonly input: string | undefined;
  onTrial(trial: Trial): void;
}

export interface Tuned {
  readonly trials: readonly Trial[];
  readonly best: Trial;
  /** Why batch sizes were not tried; empty where they were. */
  readonly whyNoBatches: string;
  /** Batch sizes that there was no time for. */
  readonly untriedSizes: readonly number[];
}

/**
 * Measures a model in this process, as `serve` runs it, with the settings that this machine has processors for. Rejects
 * with an Error that says what is wrong with it or the input.
 */
export async function tuneModel({ store, model, version, goalMs, seconds, input, onTrial }: Tuning): Promise<Tuned> {
  const { intraOpThreads, runsAtOnce, batching, warmupShapes } = model.config;
  const present = { intraOpThreads, runsAtOnce, maxBatchSize: batching.maxBatchSize };
  const open = (settings: typeof present) => openTuningService(store, model, version, settings);
  const service = await open(present);
  const request = await tuningRequest(await service.dataPlane.signature(service.version), warmupShapes, input);
  const measureWith = ({ dataPlane, version: opened }: TuningService, callers: number, ms: number) =>
    measureLoad(dataPlane, opened, request, { callers, ms }, performance);
  // Tells whether the model takes the input, and warms it up.
  await measureWith(service, 1, 0).catch((error: Error) => {
    const way = input === undefined ? '; give it one that it takes with --input request.json' : '';
    throw new Error(`the model does not answer ${input ?? 'random values'}: ${error.message}${way}`);
  });
  const { isOn, whyNot } = service.version.batching;
  await service.close();
  const end = performance.now() + seconds * 1000;
  const result = await searchSettings({
    present,
    layouts: layoutsFor(availableParallelism()),
    batchSizes: isOn ? batchSizes : [],
    goalMs,
    open: async (settings) => {
      const opened = await open(settings);
      const measure = (callers: number) => measureWith(opened, callers, (seconds * 1000) / measurements);
      return { measure, close: () => opened.close() };
    },
    isOver: () => performance.now() >= end,
    onTrial,
  });
  return { ...result, whyNoBatches: whyNot };
}
