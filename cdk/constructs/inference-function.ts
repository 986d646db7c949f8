import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Alias, CfnFunction, IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addFunction } from './add-function.ts';
import type { DataBucket } from './data-bucket.ts';
import { entryOf } from './entry-of.ts';
import type { ModelBucket } from './model-bucket.ts';
import type { ModelSource } from './model-source.ts';
import { mostStreaming } from './most-streaming.ts';
import { OnnxRuntimeLayer } from './onnx-runtime-layer.ts';
import type { RecordOptions } from './record-options.ts';
import { streamSettings } from './stream-settings.ts';

export interface InferenceFunctionProps {
  /** The models to serve: a `ModelBucket`, or what its `select` gives. */
  readonly models: ModelSource;
  /** ONNX Runtime, for the architecture that the function shall have. @default a layer of its own, for x86_64 */
  readonly runtime?: OnnxRuntimeLayer | undefined;
  /** File that exports `handler`. @default functions/api.ts */
  readonly entry?: string | undefined;
  /** Memory in MB; a vCPU comes with each 1,769 of them. @default 1769 */
  readonly memorySize?: number | undefined;
  /** Room in `/tmp`, where models are kept. @default 2 GiB */
  readonly ephemeralStorageSize?: Size | undefined;
  /** How long an answer may take that does not stream. @default 29 seconds: what API Gateway waits */
  readonly timeout?: Duration | undefined;
  /** Whether answers stream, at `streamedPaths`; each may take 15 minutes then. @default false */
  readonly streams?: boolean | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

export interface ProvisionedConcurrency {
  /** Environments kept started. */
  readonly min: number;
  /** How many the scaling may keep started. @default min: no scaling */
  readonly max?: number | undefined;
}

const megabytesPerCpu = 1769;

/**
 * A function that answers inference requests with the models of a bucket.
 *
 * It may read its models, write its own log, and nothing else. ONNX Runtime gets as many threads as the memory brings
 * whole CPUs.
 *
 * @example
 * const fraud = new InferenceFunction(this, 'Fraud', { models: models.select({ modelNames: ['fraud'] }), memorySize: 3538 });
 * fraud.provisionConcurrency({ min: 2, max: 10 });
 */
export class InferenceFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly models: ModelSource;
  readonly runtime: OnnxRuntimeLayer;
  readonly memorySize: number;
  readonly ephemeralStorageSize: Size;
  readonly timeout: Duration;
  readonly streamTimeout: Duration | undefined;
  #alias: Alias | undefined;

  constructor(scope: Construct, id: string, props: InferenceFunctionProps) {
    super(scope, id);
    this.models = props.models;
    this.memorySize = props.memorySize ?? megabytesPerCpu;
    this.timeout = props.timeout ?? Duration.seconds(29);
    this.streamTimeout = props.streams ? mostStreaming : undefined;
    this.ephemeralStorageSize = props.ephemeralStorageSize ?? Size.gibibytes(2);
    this.runtime = props.runtime ?? new OnnxRuntimeLayer(this, 'Runtime');
    const added = addFunction(this, {
      entry: props.entry ?? entryOf('api'),
      logRetention: props.logRetention,
      architecture: this.runtime.architecture,
      layers: [this.runtime.layer],
      memorySize: this.memorySize,
      ephemeralStorageSize: this.ephemeralStorageSize,
      timeout: this.streamTimeout ?? this.timeout,
      environment: this.#environment(),
    });
    this.function = added.function;
    this.logGroup = added.logGroup;
    this.models.grantRead(added.role);
  }

  /** What API Gateway should call: the version kept started, if there is one, else the function. */
  get target(): IFunction {
    return (this.#alias ?? this.function) as IFunction;
  }

  get grantPrincipal() {
    return this.function.grantPrincipal;
  }

  /** Lets `grantee` invoke the function. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.target.grantInvoke(grantee);
  }

  /** Takes inputs, and gives answers, that are too large for a request, through the bucket. */
  exchangeThrough(data: DataBucket): void {
    data.grantExchange(this);
    this.function.addEnvironment('TENSORGATE_DATA', data.uri);
  }

  /** Goes by the policies of IAM principals, who call with signatures. */
  knowPrincipals(models: ModelBucket): void {
    models.policies.grantRead(this);
    this.function.addEnvironment('TENSORGATE_PRINCIPALS', 'true');
  }

  /** Lets pages of this origin read the answers. */
  allowOrigin(origin: string): void {
    this.function.addEnvironment('TENSORGATE_CORS_ORIGIN', origin);
  }

  /** Takes payloads that callers encrypt to the private keys in a secret of Secrets Manager. */
  openPayloads(keys: ISecret): void {
    keys.grantRead(this);
    this.function.addEnvironment('TENSORGATE_PAYLOAD_SECRET', keys.secretArn);
  }

  /** Keeps how the inputs and outputs of its models are spread, of those whose settings ask for that. */
  watchDrift(): void {
    this.models.grantDrift(this);
  }

  /** Takes canaries back that are worse than the stable version. */
  stopCanaries(): void {
    this.models.grantStopCanaries(this);
  }

  /** Looks so often at where the aliases of models in use lead. */
  lookAtReleases(interval: Duration): void {
    this.function.addEnvironment('TENSORGATE_RELEASE_SECONDS', String(interval.toSeconds()));
  }

  /** Keeps records of calls in the bucket of the models: lines of the audit log, and what callers use. */
  keepRecords(models: ModelBucket, { calls = 'denied', bodies = 0, usageSeconds = 10 }: RecordOptions = {}): void {
    models.grantRecords(this);
    this.function.addEnvironment('TENSORGATE_AUDIT', calls);
    if (bodies > 0) this.function.addEnvironment('TENSORGATE_AUDIT_BODIES', String(bodies));
    this.function.addEnvironment('TENSORGATE_USAGE_SECONDS', String(usageSeconds));
  }

  /** Sets aside this many concurrent environments of the account's, and lets there be no more. */
  reserveConcurrency(environments: number): void {
    (this.function.node.defaultChild as CfnFunction).reservedConcurrentExecutions = environments;
  }

  /** Keeps environments started. To be called before the function is given to an API. */
  provisionConcurrency({ min, max = min }: ProvisionedConcurrency): void {
    (this.function.node.defaultChild as CfnFunction).handler = 'provisioned.handler';
    this.#alias = this.function.addAlias('live', { provisionedConcurrentExecutions: min });
    if (max > min)
      this.#alias.addAutoScaling({ minCapacity: min, maxCapacity: max }).scaleOnUtilization({ utilizationTarget: 0.7 });
  }

  /** Keeps one environment warm: calls the function so often, with an event that is no request. */
  keepWarm(interval: Duration): void {
    const event = RuleTargetInput.fromObject({ source: 'tensorgate.warm-up' });
    new Rule(this, 'WarmUp', {
      description: `Keeps an environment of ${this.node.id} warm`,
      schedule: Schedule.rate(interval),
      // What comes late is no use, and the next one comes soon.
      targets: [new LambdaTarget(this.function, { event, retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }

  #environment(): Record<string, string> {
    const { uri, modelNames, pinnedModels, signingKeys } = this.models;
    return {
      TENSORGATE_MODELS: uri,
      ...(pinnedModels.length > 0 && { TENSORGATE_PINNED: pinnedModels.join(',') }),
      TENSORGATE_INTRA_OP_THREADS: String(Math.max(1, Math.floor(this.memorySize / megabytesPerCpu))),
      ...(modelNames && { TENSORGATE_SERVED: modelNames.join(',') }),
      ...(signingKeys && { TENSORGATE_SIGNING_KEYS: signingKeys }),
      ...streamSettings(this),
    };
  }
}
