import type { CanaryRules } from './canary-rules.ts';
import type { ExecutionProvider, GpuSettings } from './execution.ts';
import type { StoredAnswer } from './stored-answer.ts';
import type { TaskConfig } from './task.ts';

/** How requests for a model share runs. */
export interface BatchingConfig {
  /** `on`: the model does not load where they cannot; `auto`: they do where they can. */
  readonly mode: 'auto' | 'on' | 'off';
  /** Rows of all requests of a run; one request alone may have more. 0: as many as take 150 ms, 64 at most. */
  readonly maxBatchSize: number;
  /** How long requests that could begin wait for others, while other runs of the model are under way. */
  readonly maxQueueDelayMs: number;
  /** Rows that runs have rather than others; empty: any. */
  readonly preferredBatchSizes: readonly number[];
  /** Rows are answered each for itself, though the graph does not prove it. */
  readonly rowsApart: boolean;
  /**
   * Inputs that are padded to the longest of a run, by name, and outputs that are cut back to what belongs to an input.
   */
  readonly padding: {
    readonly inputs: Readonly<Record<string, { readonly axis: number; readonly value: number }>>;
    readonly outputs: Readonly<Record<string, { readonly axis: number; readonly input: string }>>;
  };
}

/** What becomes of requests that wait. */
export interface QueuePolicy {
  /** Requests that may wait; a further one is refused. 0: half of those that the server takes. */
  readonly maxSize: number;
  /** How long a request may wait; 0: as long as its caller does. */
  readonly timeoutMs: number;
  /** What becomes of it then: it is refused, or waits until all others of its priority were served. */
  readonly timeoutAction: 'reject' | 'delay';
}

export interface QueueConfig extends QueuePolicy {
  /** 1 to this many, the first served first; 0: there are none. */
  readonly priorityLevels: number;
  /** Of requests that name none. */
  readonly defaultPriority: number;
  /** What differs for requests of a priority. */
  readonly priorities: Readonly<Record<string, Partial<QueuePolicy>>>;
}

/** Whether it is watched how the inputs and outputs of a model are spread. */
export interface DriftConfig {
  /** Rows of the first requests that make a version's baseline, where it has none. */
  readonly baselineRows: number;
  /** The share of runs that are looked at, from 0 to 1. */
  readonly share: number;
}

/** A tensor that a model gives, and takes again with the next request of the same sequence. */
export interface StateTensor {
  readonly input: string;
  readonly output: string;
  /**
   * As the first request of a sequence finds it, in zeros; -1 is that request's batch. Absent: the input's, each of
   * whose free dimensions is the batch.
   */
  readonly shape?: readonly number[];
}

/**
 * How a model that keeps state is asked: by sequences of requests, each of which goes on where the one before it left
 * off.
 */
export interface SequenceConfig {
  /** Kept on the server: callers neither send nor see it. */
  readonly state: readonly StateTensor[];
  /** A sequence ends when no request came for so long. */
  readonly idleTimeoutMs: number;
  /** Sequences under way at once. */
  readonly maxSequences: number;
  /** Bytes of state of all of them. */
  readonly maxBytes: number;
}

/** A model of an ensemble, and which tensors it takes and gives. */
export interface EnsembleStep {
  readonly model: string;
  /** Number or alias; absent: whichever the model's settings say. */
  readonly version?: string;
  /** Where the model is, by the name that the host has for that server; absent: on this one. */
  readonly server?: string;
  /** Input of the model → tensor. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Output of the model → tensor. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A model that is made of others, and has no files of its own. */
export interface EnsembleConfig {
  /** Tensors that callers send. */
  readonly inputs: readonly string[];
  /** Tensors that they get. */
  readonly outputs: readonly string[];
  readonly steps: readonly EnsembleStep[];
}

/** What a version has to be before it is promoted. */
export interface GateConfig {
  /** How far an answer to a sample may be from the one expected: |answer − expected| / max(1, |expected|). */
  readonly tolerance: number;
  /** How many times as long a run may take as by the version that is replaced; 0: as long as it will. */
  readonly latencyRatio: number;
  /** A version without samples is not promoted. */
  readonly requireSamples: boolean;
}

/** Settings of a model: `model.json`, with defaults filled in. */
export interface ModelConfig {
  readonly versionPolicy:
    | { readonly kind: 'latest'; readonly count: number }
    | { readonly kind: 'all' }
    | { readonly kind: 'specific'; readonly versions: readonly number[] };
  /** When the model is loaded: as the server starts, or when it is first asked for. */
  readonly load: 'start' | 'first-use';
  /** Never released to make room. */
  readonly pinned: boolean;
  /** Threads of one run; 0: what the server is set to. */
  readonly intraOpThreads: number;
  /** Whether threads of a run wait for one another without sleeping. */
  readonly spinning: boolean;
  /** What the model runs on, the first that can be had; empty: what the server is set to. */
  readonly executionProviders: readonly ExecutionProvider[];
  /** The GPU, in what differs from the server's settings. */
  readonly gpu: Partial<GpuSettings>;
  /** Answers may be kept, and given again to whoever asks the same. */
  readonly responseCache: boolean;
  /** Runs at once at most; 0: as many as the server makes. */
  readonly runsAtOnce: number;
  /** After how long a run that has not ended is given up; 0: what the server is set to. */
  readonly runTimeoutMs: number;
  readonly batching: BatchingConfig;
  readonly queue: QueueConfig;
  /** Absent: nobody looks at how its inputs and outputs are spread. */
  readonly drift?: DriftConfig;
  /** When a version that has a part of an alias's calls is taken back. */
  readonly canary: CanaryRules;
  /** Absent: each request stands for itself. */
  readonly sequence?: SequenceConfig;
  /** Absent: callers send tensors. */
  readonly task?: TaskConfig;
  /** Absent: the model is an ONNX file. */
  readonly ensemble?: EnsembleConfig;
  readonly gate: GateConfig;
  /** Shapes of the warm-up inputs, by input name; a free dimension is 1 without it. */
  readonly warmupShapes: Readonly<Record<string, readonly number[]>>;
  /** Outputs that carry class labels: output name → file of labels in the version's folder, one a line. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A part of an alias's calls that goes to another version. */
export interface Canary {
  readonly version: number;
  /** Of 100; not whole, as may be. */
  readonly percent: number;
  /**
   * Calls that stay with the version that they had first: those of a caller's key, or those with one id. @default each
   * call for itself
   */
  readonly sticky?: 'key' | 'id';
  /** When it began, as ISO 8601. */
  readonly since?: string;
  /** Why it was taken back: `percent` is 0 then. */
  readonly stopped?: string;
}

/** A part of an alias's calls that another version answers too, for comparison. */
export interface Shadow {
  readonly version: number;
  /** Of 100; not whole, as may be. */
  readonly percent: number;
}

/** Where an alias leads. */
export interface AliasTarget {
  readonly version: number;
  readonly canary?: Canary;
  readonly shadow?: Shadow;
  /** What it led to before, and goes back to. */
  readonly previous?: number;
  /** What the gate had against the version, which was promoted all the same. */
  readonly forced?: string;
}

/** What became of a version after it was stored. */
export interface VersionNote {
  /** Why callers should use another one. */
  readonly deprecated?: string;
  /** Since when, as ISO 8601. */
  readonly deprecatedAt?: string;
  /** It is gone, though files of it may still be there, and its number is not given again. */
  readonly deleted?: true;
}

/** What callers of a model get: one object of the store, which only conditional writes change. */
export interface ReleaseState {
  /** By alias. */
  readonly aliases: Readonly<Record<string, AliasTarget>>;
  /** By version. */
  readonly versionNotes: Readonly<Record<number, VersionNote>>;
}

/** What a store holds of one model. */
export interface StoredModel extends ReleaseState {
  readonly name: string;
  /** Whole versions, ascending, without those that were deleted. */
  readonly versions: readonly number[];
  readonly config: ModelConfig;
  /**
   * Why the model cannot be served as it is (a broken model.json, say, or no whole version); absent where all is well.
   */
  readonly problem?: string;
  /** What lies where the layout has no place for it though it looks like a model or version, and what is expected. */
  readonly misplaced: readonly string[];
}

/** What a model's graph tells of its runs. */
export interface ModelTraits {
  /** Operators of the graph, each once, with the domain in front where it is not ONNX's own. */
  readonly operators: readonly string[];
  /** Why a row of its inputs might be answered otherwise beside other rows; empty where each is answered for itself. */
  readonly mixesRows: string;
  /** It goes on with tokens, by caches; a prepared form does not say so. @default false */
  readonly isDecoder?: boolean;
  /** Names of the classes whose scores an output has, where the graph holds them. @default none */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
}

/** A version's files on the local disk. */
export interface ModelFiles extends ModelTraits {
  /** Absolute path of `model.onnx`. */
  readonly path: string;
  /** Absolute path of the version's folder; external data stays in it. */
  readonly folder: string;
  /** Bytes of the model file and all files beside it. */
  readonly bytes: number;
  /** Says that the files were opened, or will not be: a store that keeps copies may then delete them to make room. */
  readonly release?: () => void;
}

/**
 * A version's files in the form that was prepared for this machine; its traits are those of the model that it was made
 * from.
 */
export interface PreparedFiles extends ModelFiles {
  readonly answer: StoredAnswer;
}

/** Why a version has no prepared form for this machine. */
export interface NotPrepared {
  readonly whyNot: string;
  /** It was tried, and will not do: nobody need try again. */
  readonly wasTried: boolean;
}

/** Where models are kept: `<root>/<model>/<version>/model.onnx`. */
export interface ModelStore {
  /**
   * Every model by name, and with no versions what looks like one but is none; a store far away may tell what it saw a
   * while ago. Rejects where the store cannot be read.
   */
  list(): Promise<readonly StoredModel[]>;
  /** One model, as the store has it now; undefined where there is none. */
  find(name: string): Promise<StoredModel | undefined>;
  /**
   * The files of a version, fetched if need be. Rejects with ServiceError 404 where there are none, 400 where they may
   * not be used, 503 where they cannot be read, 507 where they are too large to be kept here.
   */
  fetch(name: string, version: number): Promise<ModelFiles>;
  /**
   * The form of a version that was prepared for this machine from what the version is now, fetched if need be. Rejects
   * where there is one that cannot be read.
   */
  fetchPrepared(name: string, version: number): Promise<PreparedFiles | NotPrepared>;
  /**
   * A digest of what a version's files are, from what the store tells of them without reading them: prepared forms are
   * kept by it. Rejects as `fetch`.
   */
  digest(name: string, version: number): Promise<string>;
  /**
   * Keeps the files of a local folder as the prepared form for this machine of the version with that digest, whole or
   * not at all, in place of the one that there was.
   */
  putPrepared(name: string, version: number, digest: string, folder: string): Promise<void>;
  /** A small text file of the version (labels.txt). Rejects with 404, or 503 where it cannot be read. */
  readText(name: string, version: number, file: string): Promise<string>;
  /**
   * Stores a version whole or not at all, from a model file and the files beside it that it names. Rejects with 409
   * where the version exists, or was deleted.
   */
  put(name: string, version: number, files: ReadonlyMap<string, string>): Promise<void>;
  /**
   * Removes the files of a version that was noted as deleted; one that is not there is no error. Rejects with 503 where
   * some cannot be removed.
   */
  remove(name: string, version: number): Promise<void>;
  /**
   * Changes what callers of a model get, as `change` makes it of what it is: written only if nobody wrote meanwhile,
   * else `change` is asked anew. Where it gives back what it was given, nothing is written. What stands then comes
   * back. Rejects with what `change` throws, with 409 where it names versions that were deleted or the file does not
   * hold, 404 where there is no such model, 503 where it cannot be written.
   */
  changeReleases(name: string, change: (before: ReleaseState) => ReleaseState): Promise<ReleaseState>;
  /**
   * Whether what callers of a model get is another thing than when `list` or `find` last told of it: one small request.
   * Rejects where the store cannot be read.
   */
  hasNewReleases(name: string): Promise<boolean>;
  /** Calls back when the models may have changed; the function that comes back ends it. */
  watch(changed: () => void): () => void;
}
