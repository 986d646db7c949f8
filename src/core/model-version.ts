import type { ModelConfig } from '../ports/model-store.ts';
import type { Session, UnservableOutput } from '../ports/session.ts';
import type { TaskName } from '../ports/task.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import { BatchCost } from './batching/batch-cost.ts';
import { BatchLog } from './batching/batch-log.ts';
import type { Batching } from './batching/batching-of.ts';
import type { Parts } from './ensembles/parts.ts';
import type { OpenedLanguageModel } from './generation/open-language-model.ts';
import type { TokenCounts } from './generation/token-counts.ts';
import { ModelStatistics } from './model-statistics.ts';
import { RunCost } from './run-cost.ts';
import type { Task } from './tasks/task.ts';
import { versionLabel } from './version-label.ts';

/** The states of Triton's repository index. */
export type ModelState = 'UNAVAILABLE' | 'LOADING' | 'READY' | 'UNLOADING';

/** What callers must send and can ask for. */
export interface ModelSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly unservable: readonly UnservableOutput[];
  /** Labels of the classes of an output, in order, by model.json, or else config.json, or the graph. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** One version of a model as this server has it: its state, its session while loaded, and its record. */
export class ModelVersion {
  readonly name: string;
  readonly version: number;
  readonly config: ModelConfig;
  readonly statistics = new ModelStatistics();
  readonly cost = new RunCost();
  /** Of runs on other threads. */
  readonly batchCost = new BatchCost();
  /** Of runs on the calling thread. */
  readonly shortCost = new BatchCost();
  readonly batches = new BatchLog();
  /** What of it is in memory. */
  state: ModelState = 'UNAVAILABLE';
  /** Why the state is what it is; empty where there is nothing to say. */
  reason: string;
  /**
   * Whether a request would be answered: it has answered its warm-up, also where it was released to make room
   * since, or it loads when it is first asked for. False once a load failed, or it was unloaded.
   */
  ready: boolean;
  /** Known from the first load on, also after the session was released to make room. */
  signature: ModelSignature | undefined;
  session: Session | undefined;
  /** Where its tensors can stay between runs, as its session has it; known from the first load on. */
  device: string | undefined;
  bytes = 0;
  /** Of its files as the store told of them when it was loaded last; empty where it was not, or is an ensemble. */
  digest = '';
  /** Whether the store was seen to have other files of it since: it is not loaded again, another takes its place. */
  isOutdated = false;
  /** How often it was loaded. */
  loads = 0;
  /** Of the model as it was stored; known while it is loaded. */
  operators: readonly string[] = [];
  /** Names of the classes of an output that its graph holds; known while it is loaded. */
  classes: Readonly<Record<string, readonly string[]>> = {};
  /** Why its rows may depend on one another; empty where they do not. Known while it is loaded. */
  mixesRows = 'it is not loaded';
  /** Whether its requests share runs; known from the first load on. */
  batching: Batching = { isOn: false, whyNot: 'it is not loaded' };
  /** What says something of items, where that is its task; known from the first load on. */
  task: Task | undefined;
  /** What it does for callers that send no tensors; known from the first load on, where it has one. */
  taskName: TaskName | undefined;
  /**
   * What the files beside the model say that it is for, in words, or why they are for nothing; empty where they say
   * nothing, or model.json has a task.
   */
  folder = '';
  /** Goes on with text, while it is loaded, where that is its task. */
  languageModel: OpenedLanguageModel | undefined;
  /** Whether texts share runs, where that is its task; known from the first load on. */
  textBatching: Batching | undefined;
  /** Of text generated. */
  readonly tokens: TokenCounts = { prompt: 0, found: 0, generated: 0 };
  /** Of an ensemble, from its first load on. */
  parts: Parts | undefined;
  users = 0;
  /** Ensembles that run on it. */
  wholes = 0;
  /** Another took its place, and it is let go once no ensemble runs on it. */
  isReplaced = false;
  /** Runs that were given up as they made no progress, and did not end yet. */
  stalledRuns = 0;

  constructor(name: string, version: number, config: ModelConfig) {
    this.name = name;
    this.version = version;
    this.config = config;
    this.ready = config.load === 'first-use';
    this.reason = this.ready ? 'loads when it is first asked for' : '';
  }

  /** Whether it serves, though some of its runs may have stalled. */
  get serves(): boolean {
    return this.ready && this.parts?.whyNotReady() === undefined;
  }

  /** What keeps it from answering; undefined where nothing does. */
  whyNotReady(): string | undefined {
    if (!this.ready) return `${this.label} is ${this.state}${this.reason && `: ${this.reason}`}`;
    return this.stalledRuns > 0 ? `${this.label}: ${this.whyStalled()}` : this.parts?.whyNotReady();
  }

  /** What there is to say of runs that were given up and did not end; empty where there are none. */
  whyStalled(): string {
    return this.stalledRuns > 0
      ? `runs that make no progress and were given up have not ended: ${this.stalledRuns}`
      : '';
  }

  get label(): string {
    return versionLabel(this.name, this.version);
  }
}
