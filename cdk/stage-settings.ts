import type { AuditSettings } from './audit-settings.ts';
import type { accelerators } from './constructs/accelerators.ts';
import type { ContainerEndpointSettings, GpuEndpointSettings, NetworkSettings } from './container-settings.ts';

/** A function and the models that it serves. */
export interface EndpointSettings {
  /** A function of Lambda; for containers see `container-settings.ts`. @default 'function' */
  readonly kind?: 'function';
  /** Name in the templates, such as `Fraud`. Another name is another function. */
  readonly name: string;
  /** The models that it serves, and that no other does. @default those that no endpoint names */
  readonly models?: readonly string[];
  /** Models to load while it starts. @default none */
  readonly pinnedModels?: readonly string[];
  /** Memory in MB, 128–10240; a vCPU comes with each 1,769. @default 1769 */
  readonly memoryMb?: number;
  /** Processors: 'x86_64' or 'arm64'. @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64';
  /** Room in `/tmp` in MB, 512–10240, for the files of the models in use. @default 2048 */
  readonly temporaryStorageMb?: number;
  /**
   * How long an answer may take that does not stream: 29 seconds at most, or 300 with `timeoutQuotaRaised`. @default 29
   */
  readonly timeoutSeconds?: number;
  /** Environments set aside for it, which is also the most it may have. @default none: it shares the account's */
  readonly reservedConcurrency?: number;
  /** Environments kept started. @default none */
  readonly provisionedConcurrency?: number;
  /** How many the scaling may keep started. @default provisionedConcurrency: no scaling */
  readonly maxProvisionedConcurrency?: number;
  /** Minutes between calls that keep one environment warm, 1–60; it costs a call each. @default none */
  readonly warmUpMinutes?: number;
}

/** What the holders of some keys may send. */
export interface UsagePlanSettings {
  /** Name in the templates, such as `Standard`. */
  readonly name: string;
  /** Requests a second, on average. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
  /** Requests in a period. @default no quota */
  readonly quota?: number;
  /** The period of the quota: 'DAY', 'WEEK' or 'MONTH'. @default 'MONTH' */
  readonly quotaPeriod?: 'DAY' | 'WEEK' | 'MONTH';
  /** Keys to make, by name; `tensorgate keys create` makes more. @default none */
  readonly keys?: readonly string[];
}

/** A name of one's own. */
export interface DomainSettings {
  /** Such as `models.example.com`. */
  readonly name: string;
  /** ARN of its certificate, in the region of the deployment. */
  readonly certificateArn: string;
  /** Zone to write the name in. @default none: the output `DomainTarget` says what to point it at */
  readonly hostedZone?: { readonly id: string; readonly name: string };
}

/** Prepared forms of models, made as they are pushed. */
export interface PreparationSettings {
  /**
   * Memory in MB, 128–10240: a model is prepared that is a fifth of it, or smaller.
   * @default what the largest function has that serves on such a processor
   */
  readonly memoryMb?: number;
}

/** Jobs over files that are stored in the data bucket. */
export interface BatchStageSettings {
  /** Memory of a worker in MB, 128–10240; a vCPU comes with each 1,769. @default 1769 */
  readonly memoryMb?: number;
  /** Processors: 'x86_64' or 'arm64'. @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64';
  /** Shards of one job at once, 1–10000; each is one of the account's concurrent invocations. @default 100 */
  readonly maxConcurrency?: number;
  /** Shards in a hundred that may fail, after all tries, before a job begins no more of them. @default 10 */
  readonly toleratedFailurePercentage?: number;
  /** Records without an answer past which a job counts as failed. @default none is too many */
  readonly maxFailedRecords?: number;
  /** Fields of each record that go through to its answer, where it has them. @default ['id'] */
  readonly keptFields?: readonly string[];
  /** What keys of inputs begin with: `<prefix><model>/…` starts a job. @default 'in/' */
  readonly inputPrefix?: string;
  /** What keys of results begin with. @default 'out/' */
  readonly resultPrefix?: string;
}

/** Jobs that make models of others. */
export interface JobStageSettings {
  /**
   * Memory of the function that does what fits it in MB, 1769–10240: a source of up to a tenth of it. @default 5307:
   * three vCPUs
   */
  readonly memoryMb?: number;
  /** Processors: 'x86_64' or 'arm64'. @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64';
  /**
   * Memory in MB of a container of ECS, which does the rest; on Fargate 8192, 16384, 30720, 61440 or 122880. @default
   * none: the rest is refused
   */
  readonly containerMemoryMb?: number;
  /**
   * A GPU that the container has to itself, or a part of one, by which it trains; a virtual CPU comes with each 4096
   * MB, or 8192 with 'l40s'.
   * @default none: it runs on Fargate
   */
  readonly containerAccelerator?: keyof typeof accelerators;
  /** Its image, in ECR with its tag. @default built at deployment, by Docker */
  readonly containerImage?: string;
  /**
   * Memory in MB of a container that converts a model of another framework, one of the same; its images are built at
   * deployment, by Docker.
   * @default none: `convert` is refused
   */
  readonly convertMemoryMb?: 8192 | 16_384 | 30_720 | 61_440 | 122_880;
}

/** Watching how the inputs and outputs of models are spread, of those with `drift` in their `model.json`. */
export interface DriftStageSettings {
  /** Population stability index of a feature from which on there is an alarm. @default 0.25 */
  readonly alarmPsi?: number;
}

/** One deployment: what it has, what it allows, what it keeps. */
export interface StageSettings {
  /** Which function serves which models. One of them names no models, and serves all that the others do not name. */
  readonly endpoints: readonly (EndpointSettings | ContainerEndpointSettings | GpuEndpointSettings)[];
  /** How callers show who they are. `both` makes two URLs: one takes keys, the other signatures. */
  readonly auth: 'api-key' | 'iam' | 'both';
  /** Requests a second that all callers together may send to one URL. @default 100 */
  readonly rateLimit?: number;
  /** Requests at once that all callers together may send to one URL. @default 200 */
  readonly burstLimit?: number;
  /** Plans that keys belong to; none with auth 'iam'. */
  readonly usagePlans: readonly UsagePlanSettings[];
  /** Origin whose pages may call, such as `https://app.example.com`, or `*`. @default none */
  readonly corsOrigin?: string;
  /** Whether anyone may read `/docs` and `/openapi.json`. @default false */
  readonly openDocs?: boolean;
  /**
   * Seconds for which API Gateway goes by the policy that it was told of a key, 0–3600: a change of it takes as long,
   * and 5 seconds more.
   * @default 60
   */
  readonly policySeconds?: number;
  /** @default none: API Gateway's own name */
  readonly domain?: DomainSettings;
  /**
   * Runs models over files that are stored under a prefix of the data bucket; `{}` for all defaults. @default none: no
   * batch jobs
   */
  readonly batch?: BatchStageSettings;
  /**
   * Makes models of others where `/v1/jobs`, or a file stored under `incoming/` of the data bucket, asks for it; `{}`
   * for all defaults.
   * @default none: no such jobs
   */
  readonly jobs?: JobStageSettings;
  /**
   * Prepares each version that is pushed, for a quicker start; `{}` for all defaults. @default none: models load as
   * they are stored
   */
  readonly preparation?: PreparationSettings;
  /**
   * Lets hosts keep how the inputs and outputs of models are spread, and alarms where they have moved; `{}` for all
   * defaults. @default none
   */
  readonly drift?: DriftStageSettings;
  /**
   * Whether hosts take canaries back that are worse than the stable version: they may write `aliases.json` of their
   * models then, and there is an alarm. With false, one that finds so gives it no more calls itself, and others go on.
   * @default true
   */
  readonly stopCanaries?: boolean;
  /**
   * Seconds between two looks of a function's environment at where the aliases of models in use lead, 1–300: a rollback
   * has its effect by then.
   * @default 2
   */
  readonly releaseSeconds?: number;
  /** The network of endpoints in containers; another range is another network. @default one of its own, peered with none */
  readonly network?: NetworkSettings;
  /** Puts a web application firewall before the API. @default none */
  readonly firewall?: { readonly requestsPerFiveMinutes: number };
  /** Whether this account's quota for API Gateway's 29 seconds has been raised. @default false */
  readonly timeoutQuotaRaised?: boolean;
  /** Whether answers under `/v1/` stream, each for up to 15 minutes; not all regions have that. @default true */
  readonly streaming?: boolean;
  /** Keys of the buckets: those that S3 keeps, or one of KMS that is yours. @default 's3' */
  readonly encryption?: 's3' | 'kms';
  /**
   * Public keys in PEM, 8 at most: whatever serves loads only versions that one of them signed, as they were signed.
   * Prepared forms are not used then. @default none: signatures are not asked for
   */
  readonly signingKeys?: readonly string[];
  /**
   * ARN, with its six last characters, of a secret of Secrets Manager with a private key in PEM, of RSA or P-256:
   * callers may encrypt payloads to it. @default none: such a request is refused
   */
  readonly payloadKeySecretArn?: string;
  /** What is kept of who changed what, and who called. @default calls that were denied, for ever */
  readonly audit?: AuditSettings;
  /**
   * Seconds between two times that a function's environment writes what callers used, 0–3600; with 0, within each call.
   * @default 10
   */
  readonly usageSeconds?: number;
  /** Days that a replaced model can still be got back. @default 30 */
  readonly oldVersionDays?: number;
  /** Days that logs are kept: one of the numbers that CloudWatch knows. @default 30 */
  readonly logRetentionDays?: number;
  /** What becomes of the buckets when their stack goes. @default 'retain' */
  readonly removal?: 'retain' | 'destroy';
  /** Whether the stack with the buckets refuses to go. @default false */
  readonly terminationProtection?: boolean;
  /** Topic that alarms are sent to. @default none */
  readonly alarmTopicArn?: string;
  /** Time that 99 of 100 answers should take at most. @default 5000 */
  readonly latencyAlarmMs?: number;
  /** Time that an environment should take to start at most. @default 8000 */
  readonly coldStartAlarmMs?: number;
}
