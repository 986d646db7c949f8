import type { DriftConfig, GateConfig, ModelConfig, QueueConfig, SequenceConfig } from '../../ports/model-store.ts';
import type { TaskConfig, TaskName } from '../../ports/task.ts';
import { type BatchingFile, fillBatching } from './fill-batching.ts';
import { type CanaryFile, fillCanary } from './fill-canary.ts';
import { type EnsembleFile, fillEnsemble } from './fill-ensemble.ts';

/** `model.json` as it is written. */
export interface ModelConfigFile
  extends Partial<
      Omit<
        ModelConfig,
        'versionPolicy' | 'batching' | 'queue' | 'canary' | 'drift' | 'sequence' | 'task' | 'ensemble' | 'gate'
      >
    >,
    EnsembleFile {
  readonly versionPolicy?: 'all' | { readonly latest: number } | { readonly specific: readonly number[] };
  readonly batching?: BatchingFile;
  readonly queue?: Partial<QueueConfig>;
  readonly gate?: Partial<GateConfig>;
  readonly drift?: Partial<DriftConfig>;
  readonly canary?: CanaryFile;
  readonly task?: TaskName | TaskConfig;
  readonly sequence?: Pick<SequenceConfig, 'state'> & Partial<SequenceConfig>;
}

const sequenceDefaults = { idleTimeoutMs: 60_000, maxSequences: 1024, maxBytes: 64 * 1024 * 1024 };

/** The settings that a model.json gives, with defaults for what it leaves out. */
export function fillModelConfig({
  versionPolicy,
  batching,
  queue,
  drift,
  canary,
  sequence,
  task,
  ...file
}: ModelConfigFile): ModelConfig {
  const ensemble = fillEnsemble(file);
  return {
    versionPolicy: policy(versionPolicy),
    load: file.load ?? 'start',
    pinned: file.pinned ?? false,
    intraOpThreads: file.intraOpThreads ?? 0,
    spinning: file.spinning ?? false,
    executionProviders: file.executionProviders ?? [],
    gpu: file.gpu ?? {},
    responseCache: file.responseCache ?? false,
    runsAtOnce: file.runsAtOnce ?? 0,
    runTimeoutMs: file.runTimeoutMs ?? 0,
    batching: fillBatching(batching),
    queue: {
      maxSize: 0,
      timeoutMs: 0,
      timeoutAction: 'reject',
      priorityLevels: 0,
      defaultPriority: 1,
      priorities: {},
      ...queue,
    },
    ...(drift && { drift: { baselineRows: 1000, share: 1, ...drift } }),
    canary: fillCanary(canary),
    ...(ensemble && { ensemble }),
    ...(task && { task: typeof task === 'string' ? { name: task } : task }),
    ...(sequence && { sequence: { ...sequenceDefaults, ...sequence } }),
    gate: { tolerance: 1e-3, latencyRatio: 1.5, requireSamples: false, ...file.gate },
    warmupShapes: file.warmupShapes ?? {},
    labels: file.labels ?? {},
  };
}

function policy(given: ModelConfigFile['versionPolicy'] = { latest: 1 }): ModelConfig['versionPolicy'] {
  if (given === 'all') return { kind: 'all' };
  if ('latest' in given) return { kind: 'latest', count: given.latest };
  return { kind: 'specific', versions: given.specific };
}
