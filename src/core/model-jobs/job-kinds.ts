import type { JobRequest } from '../../ports/job-request.ts';
import { headKinds } from '../training/head-kinds.ts';
import { mostCount } from '../training/most-count.ts';
import { networkKinds } from '../training/network-kinds.ts';

/**
 * A command that a job may run: the options that it takes, by their names in JSON, which are the command's own in
 * camelCase.
 */
export interface JobKind {
  /** As JSON Schema has them. An option whose schema is `fileOption` names a file. */
  readonly options: Readonly<Record<string, object>>;
  /** @default none has to be there */
  readonly required?: readonly string[];
  /** Whether it makes a model of data alone with these options: then there is no source. @default never */
  readonly isNew?: (options: JobRequest['options']) => boolean;
  /**
   * What of the host's `--execution-providers` the command is told: the host says what runs models, and no request.
   * @default nothing
   */
  readonly providers?: (host: string, options: JobRequest['options']) => string | undefined;
  /** Models that it stores versions of. @default the one that the job is for */
  readonly stores?: (request: JobRequest) => readonly string[];
}

/** A file, in place of a path on somebody's disk. */
export const fileOption = {
  type: 'string',
  minLength: 1,
  maxLength: 512,
  description: 'A file: the id that `POST /v1/files` gave, or a `content_ref` of `POST /v2/uploads`.',
} as const;

const flag = { type: 'boolean' };
const share = { type: 'number', minimum: 0, maximum: 1000 };
const seed = { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 };
const count = { type: 'integer', minimum: 1, maximum: 4096 };
const trainingCount = { type: 'integer', minimum: 1, maximum: mostCount };
/** Some of a whole, and not all of it. */
const part = { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 };
const word = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' };

/** Of a tensor: any, but no more than one line of it. */
const name = { type: 'string', minLength: 1, maxLength: 256 };

/** As `withGateOptions` has them. */
const gate = { task: fileOption, lossPoints: share, leastCosine: share, latencyRatio: share };

/** What jobs there are, by the command that each runs: a kind is a line here, and one in cli/model-commands.ts. */
export const jobKinds: Readonly<Record<string, JobKind>> = {
  optimize: {
    // It measures on a GPU for one alone.
    providers: (host, { target }) => (target === 'gpu' ? host : undefined),
    options: {
      texts: fileOption,
      samples: fileOption,
      task: fileOption,
      target: { enum: ['cpu', 'lambda-x86', 'lambda-arm', 'gpu'] },
      prune: part,
      only: { type: 'array', minItems: 1, maxItems: 32, items: word },
      latencyRatio: share,
      unverified: flag,
    },
  },
  prune: {
    options: {
      ...gate,
      layers: count,
      heads: part,
      neurons: part,
      magnitude: part,
      refit: flag,
      texts: fileOption,
      samples: fileOption,
      seed,
      unverified: flag,
    },
  },
  distil: {
    options: {
      ...gate,
      layers: count,
      texts: fileOption,
      samples: fileOption,
      output: name,
      loss: { enum: ['cosine', 'distillation', 'mean-squared-error'] },
      epochs: count,
      batch: count,
      learningRate: { type: 'number', exclusiveMinimum: 0, maximum: 10 },
      seed,
    },
    required: ['layers'],
    providers: (host) => host,
  },
  train: {
    isNew: (options) => options.new !== undefined,
    options: {
      data: fileOption,
      test: fileOption,
      target: name,
      columns: { type: 'string', minLength: 1, maxLength: 10_000 },
      new: { enum: networkKinds },
      head: { enum: headKinds },
      freeze: { type: 'array', minItems: 1, maxItems: 256, items: name },
      recipe: fileOption,
      workers: { type: 'integer', minimum: 1, maximum: 64 },
      epochs: trainingCount,
      batchRows: trainingCount,
      learningRateMultiplier: { type: 'number', exclusiveMinimum: 0, maximum: 1000 },
      seed,
    },
    required: ['data'],
    // Workers would share one GPU, which the command refuses.
    providers: (host, { workers }) => (Number(workers ?? 1) > 1 && host.includes('cpu') ? 'cpu' : host),
  },
  split: {
    options: { stages: { type: 'integer', minimum: 2, maximum: 64 }, samples: fileOption, tolerance: share },
    required: ['stages'],
    stores: ({ model, options: { stages } }) =>
      Array.from({ length: Number(stages) }, (_stage, index) => `${model}-${index + 1}`).concat(model),
  },
  convert: { options: { samples: fileOption, seed } },
  push: { options: { trainingJob: name, metrics: fileOption, licence: name, notes: fileOption } },
};
