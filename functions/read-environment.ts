import { type AuditLevel, auditLevels } from '../src/adapters/audit/audit-level.ts';
import { defaultLimits, type Limits } from '../src/settings.ts';
import { needed } from './needed.ts';

const MiB = 1024 * 1024;
const mostUploadBytes = 256 * MiB;

export interface Environment {
  /** URI of the model repository. */
  readonly models: string;
  /** URI of the bucket for uploads and results. */
  readonly data: string | undefined;
  /** What keys of the results of batch jobs begin with; undefined: there are none. */
  readonly batchResults: string | undefined;
  /** Whether jobs that make models are asked for here. */
  readonly hasJobs: boolean;
  /** Bytes that the uploads of one request may have together. */
  readonly maxUploadBytes: number;
  /** Models that load before the first request and stay. */
  readonly pinned: readonly string[];
  /** The models that this function serves; none named: all. */
  readonly served: readonly string[];
  /** Whether principals of IAM call, of whom the model repository has policies. */
  readonly knowsPrincipals: boolean;
  /** Public keys in PEM: versions that none of them signed are not loaded. */
  readonly signingKeys: string | undefined;
  /** ARN of the secret with the keys that payloads may be encrypted to. */
  readonly payloadSecret: string | undefined;
  /** Milliseconds between looks at where the aliases of models in use lead. */
  readonly releaseMs: number;
  /** Whose pages may read the answers. */
  readonly corsOrigin: string | undefined;
  /** Milliseconds that an answer may take which does not stream; undefined: all that the function has. */
  readonly answerMs: number | undefined;
  /** Whether API Gateway takes streams from the function. */
  readonly streams: boolean;
  readonly intraOpThreads: number;
  /** Of which calls there are lines in the audit log. */
  readonly audit: AuditLevel;
  /** Of calls that are in it, the share whose inputs are kept. */
  readonly auditBodies: number;
  /** Seconds between two times that usage is written; undefined: it is not counted. */
  readonly usageSeconds: number | undefined;
  /** Memory of the function. */
  readonly memoryGigabytes: number;
  /** Bytes of model files that may be loaded: weights take up to 2.2 times their size, and the process its own part. */
  readonly memoryBudget: number;
  /** Resident bytes over which the environment gives way to a new one. */
  readonly maxResidentBytes: number;
  readonly limits: Limits;
}

/** The settings that the deployment gave the function. Throws an Error that names what is missing or wrong. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Environment {
  const models = needed('TENSORGATE_MODELS', environment);
  const memoryBytes = number('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 128) * MiB;
  return {
    models,
    data: environment.TENSORGATE_DATA || undefined,
    batchResults: environment.TENSORGATE_BATCH_RESULTS || undefined,
    hasJobs: environment.TENSORGATE_JOBS === 'true',
    // Beside the models, which may take all that is left of the memory.
    maxUploadBytes: Math.min(mostUploadBytes, Math.floor(memoryBytes / 8)),
    pinned: names('TENSORGATE_PINNED'),
    served: names('TENSORGATE_SERVED'),
    knowsPrincipals: environment.TENSORGATE_PRINCIPALS === 'true',
    signingKeys: environment.TENSORGATE_SIGNING_KEYS || undefined,
    payloadSecret: environment.TENSORGATE_PAYLOAD_SECRET || undefined,
    releaseMs: number('TENSORGATE_RELEASE_SECONDS', 2) * 1000,
    corsOrigin: environment.TENSORGATE_CORS_ORIGIN,
    answerMs: environment.TENSORGATE_ANSWER_SECONDS ? number('TENSORGATE_ANSWER_SECONDS', 0) * 1000 : undefined,
    streams: environment.TENSORGATE_STREAMS === 'true',
    intraOpThreads: number('TENSORGATE_INTRA_OP_THREADS', 1),
    audit: auditLevel(environment.TENSORGATE_AUDIT || 'off'),
    auditBodies: Number(environment.TENSORGATE_AUDIT_BODIES || 0),
    usageSeconds: environment.TENSORGATE_USAGE_SECONDS ? number('TENSORGATE_USAGE_SECONDS', 0) : undefined,
    memoryGigabytes: memoryBytes / (1024 * MiB),
    memoryBudget: Math.max(16 * MiB, (memoryBytes - 160 * MiB) / 2.2),
    maxResidentBytes: memoryBytes * 0.92,
    // Lambda gives an environment one request at a time.
    limits: { ...defaultLimits, maxConcurrentRequests: 1 },
  };

  function auditLevel(text: string): AuditLevel {
    const level = auditLevels.find((each) => each === text);
    if (level !== undefined) return level;
    throw new Error(`TENSORGATE_AUDIT: expected ${auditLevels.join(', ')}, got '${text}'`);
  }

  function names(name: string): readonly string[] {
    return (environment[name] ?? '').split(',').filter((each) => each !== '');
  }

  function number(name: string, byDefault: number): number {
    const text = environment[name];
    if (text === undefined) return byDefault;
    if (/^[0-9]{1,9}$/.test(text)) return Number(text);
    throw new Error(`${name}: expected a whole number, got '${text}'`);
  }
}
