import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Size, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { addOutput } from '../constructs/add-output.ts';
import { BatchInference } from '../constructs/batch-inference.ts';
import { ContainerAlarms } from '../constructs/container-alarms.ts';
import { ContainerEndpoints, type ContainerEndpointsProps } from '../constructs/container-endpoints.ts';
import type { DataBucket } from '../constructs/data-bucket.ts';
import { EndpointNetwork } from '../constructs/endpoint-network.ts';
import { InferenceAlarms } from '../constructs/inference-alarms.ts';
import type { InferenceApi } from '../constructs/inference-api.ts';
import { InferenceDashboard } from '../constructs/inference-dashboard.ts';
import { InferenceFunction } from '../constructs/inference-function.ts';
import type { ModelBucket } from '../constructs/model-bucket.ts';
import { ModelJobs } from '../constructs/model-jobs.ts';
import { ModelPreparation } from '../constructs/model-preparation.ts';
import { OnnxRuntimeLayer } from '../constructs/onnx-runtime-layer.ts';
import type { RecordOptions } from '../constructs/record-options.ts';
import type { RefusalRecords } from '../constructs/refusal-records.ts';
import { ServerImage } from '../constructs/server-image.ts';
import type { ServiceParts } from '../constructs/service-parts.ts';
import type {
  BatchStageSettings,
  EndpointSettings,
  JobStageSettings,
  PreparationSettings,
  StageSettings,
} from '../stage-settings.ts';
import { ServiceApis } from './service-apis.ts';

export interface ServiceStackProps extends StackProps {
  readonly settings: StageSettings;
  readonly models: ModelBucket;
  readonly data: DataBucket;
  /** File that exports the functions' `handler`. @default functions/api.ts */
  readonly entry?: string | undefined;
}

/** From here on much has changed, by the custom of those who use the index. */
const defaultAlarmPsi = 0.25;

/** What answers: functions, APIs before them, and what watches both. It keeps nothing, so it can go and come back. */
export class ServiceStack extends Stack {
  readonly #props: ServiceStackProps;
  readonly #settings: StageSettings;
  readonly #payloadKeys: ISecret | undefined;
  readonly #runtimes = new Map<string, OnnxRuntimeLayer>();

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    this.#props = props;
    this.#settings = props.settings;
    const { endpoints, payloadKeySecretArn } = this.#settings;
    this.#payloadKeys = payloadKeySecretArn
      ? Secret.fromSecretCompleteArn(this, 'PayloadKeys', payloadKeySecretArn)
      : undefined;
    const functions = endpoints.filter(isFunction).map((endpoint) => this.#function(endpoint));
    const { apis, refusals } = new ServiceApis(this, props, functions);
    const inContainers = endpoints.filter((endpoint) => !isFunction(endpoint));
    const containers = inContainers.length > 0 ? this.#serveInContainers(inContainers, apis) : undefined;
    const batch = this.#settings.batch && this.#batch(this.#settings.batch);
    // Only the function for the rest is asked for jobs.
    for (const inference of functions) if (!inference.models.modelNames) batch?.takeJobsBy(inference);
    const jobs = this.#settings.jobs && this.#jobs(this.#settings.jobs, containers?.network);
    for (const inference of functions) if (!inference.models.modelNames) jobs?.takeJobsBy(inference);
    const { preparation } = this.#settings;
    const serving = batch ? [...functions, batch.infer] : functions;
    const preparations = preparation ? this.#prepare(serving, preparation) : [];
    this.#watch({ functions, apis, batch, jobs, preparations }, refusals, containers);
  }

  #serveInContainers(
    endpoints: ContainerEndpointsProps['endpoints'],
    apis: readonly InferenceApi[],
  ): ContainerEndpoints {
    const containers = new ContainerEndpoints(this, 'Containers', {
      endpoints,
      models: this.#props.models,
      addresses: this.#settings.network,
      streams: this.#settings.streaming,
      corsOrigin: this.#settings.corsOrigin,
      payloadKeys: this.#payloadKeys,
      records: this.#records,
      stopsCanaries: this.#stopsCanaries,
      watchesDrift: this.#settings.drift !== undefined,
      hasInstances: this.#settings.jobs?.containerAccelerator !== undefined,
      logRetention: this.#settings.logRetentionDays,
    });
    for (const endpoint of containers.endpoints) {
      for (const api of apis) api.routeTo(endpoint);
      if (endpoint.isOpenAi) continue;
      const { loadBalancerDnsName } = endpoint.serving.balancer.balancer;
      addOutput(
        this,
        `${endpoint.node.id}Address`,
        loadBalancerDnsName,
        `What ${endpoint.domainName} has to point at, for gRPC`,
      );
    }
    return containers;
  }

  /** What is kept of calls, wherever they are answered. */
  get #records(): RecordOptions {
    const { audit, usageSeconds } = this.#settings;
    return { calls: audit?.calls, bodies: audit?.bodies, usageSeconds };
  }

  get #stopsCanaries(): boolean {
    return this.#settings.stopCanaries ?? true;
  }

  #function(endpoint: EndpointSettings): InferenceFunction {
    const { memoryMb, temporaryStorageMb, timeoutSeconds } = endpoint;
    const inference = new InferenceFunction(this, `${endpoint.name}Function`, {
      models: this.#props.models.select({ modelNames: endpoint.models, pinnedModels: endpoint.pinnedModels }),
      runtime: this.#runtime(endpoint.architecture ?? 'x86_64'),
      entry: this.#props.entry,
      memorySize: memoryMb,
      logRetention: this.#settings.logRetentionDays,
      ...(temporaryStorageMb && { ephemeralStorageSize: Size.mebibytes(temporaryStorageMb) }),
      ...(timeoutSeconds && { timeout: Duration.seconds(timeoutSeconds) }),
      streams: this.#settings.streaming ?? true,
    });
    inference.exchangeThrough(this.#props.data);
    inference.keepRecords(this.#props.models, this.#records);
    if (this.#payloadKeys) inference.openPayloads(this.#payloadKeys);
    if (this.#settings.drift) inference.watchDrift();
    if (this.#stopsCanaries) inference.stopCanaries();
    if (this.#settings.releaseSeconds) inference.lookAtReleases(Duration.seconds(this.#settings.releaseSeconds));
    if (this.#settings.corsOrigin) inference.allowOrigin(this.#settings.corsOrigin);
    if (endpoint.reservedConcurrency) inference.reserveConcurrency(endpoint.reservedConcurrency);
    if (endpoint.provisionedConcurrency)
      inference.provisionConcurrency({
        min: endpoint.provisionedConcurrency,
        max: endpoint.maxProvisionedConcurrency,
      });
    if (endpoint.warmUpMinutes) inference.keepWarm(Duration.minutes(endpoint.warmUpMinutes));
    return inference;
  }

  #batch({ memoryMb, architecture = 'x86_64', ...jobs }: BatchStageSettings): BatchInference {
    const { models, data, entry } = this.#props;
    const batch = new BatchInference(this, 'Batch', {
      models,
      data,
      entry,
      jobs,
      runtime: this.#runtime(architecture),
      memorySize: memoryMb,
      logRetention: this.#settings.logRetentionDays,
    });
    batch.infer.keepRecords(models, this.#records);
    return batch;
  }

  #jobs(settings: JobStageSettings, network: EndpointNetwork | undefined): ModelJobs {
    const { memoryMb, architecture = 'x86_64', containerMemoryMb: containerMb, containerImage: image } = settings;
    const { containerAccelerator: accelerator } = settings;
    const hasInstances = accelerator !== undefined;
    const { models, data, entry } = this.#props;
    const { logRetentionDays: logRetention } = this.#settings;
    const jobs = new ModelJobs(this, 'Jobs', {
      models,
      data,
      entry,
      runtime: this.#runtime(architecture),
      memorySize: memoryMb,
      logRetention,
      conversionMemoryMb: settings.convertMemoryMb,
      containers:
        containerMb === undefined
          ? undefined
          : {
              network:
                network ??
                new EndpointNetwork(this, 'JobNetwork', { ...this.#settings.network, hasInstances, logRetention }),
              image:
                image === undefined ? ServerImage.built(architecture) : ServerImage.inRegistry(image, architecture),
              memoryMb: containerMb,
              accelerator,
            },
    });
    jobs.run.keepRecords(models, this.#records);
    return jobs;
  }

  /** One for each kind of processor that serves. */
  #prepare(serving: readonly InferenceFunction[], { memoryMb }: PreparationSettings): readonly ModelPreparation[] {
    const { models, entry } = this.#props;
    const { logRetentionDays: logRetention } = this.#settings;
    return [...this.#runtimes].flatMap(([architecture, runtime]) => {
      const [first, ...others] = serving.filter((each) => each.runtime === runtime);
      if (!first) return [];
      const kind = architecture === 'arm64' ? 'Arm64' : 'X64';
      const preparation = new ModelPreparation(this, `${kind}Preparation`, {
        models,
        servedBy: [first, ...others],
        entry,
        memorySize: memoryMb,
        logRetention,
      });
      addOutput(this, `Prepare${kind}`, preparation.command, 'Prepares all that is served and has no form that fits');
      return [preparation];
    });
  }

  /** One layer for all functions of an architecture. */
  #runtime(architecture: 'x86_64' | 'arm64'): OnnxRuntimeLayer {
    const existing = this.#runtimes.get(architecture);
    if (existing) return existing;
    const runtime =
      architecture === 'arm64'
        ? new OnnxRuntimeLayer(this, 'Arm64Runtime', { architecture: Architecture.ARM_64 })
        : new OnnxRuntimeLayer(this, 'X64Runtime');
    this.#runtimes.set(architecture, runtime);
    return runtime;
  }

  #watch(
    watched: ServiceParts,
    refusals: RefusalRecords | undefined,
    containers: ContainerEndpoints | undefined,
  ): void {
    const { alarmTopicArn, latencyAlarmMs, coldStartAlarmMs, drift } = this.#settings;
    const common = {
      ...(alarmTopicArn && { topic: Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn) }),
      ...(drift && { driftPsi: drift.alarmPsi ?? defaultAlarmPsi }),
      ...(latencyAlarmMs && { latency: Duration.millis(latencyAlarmMs) }),
    };
    const alarms = new InferenceAlarms(this, 'Alarms', {
      ...watched,
      refusals,
      stopCanaries: this.#stopsCanaries,
      ...common,
      ...(coldStartAlarmMs && { coldStart: Duration.millis(coldStartAlarmMs) }),
    });
    const containerAlarms =
      containers && new ContainerAlarms(this, 'ContainerAlarms', { ...common, endpoints: containers.endpoints });
    new InferenceDashboard(this, 'Dashboard', { ...watched, alarms, containerAlarms });
  }
}

function isFunction(endpoint: StageSettings['endpoints'][number]): endpoint is EndpointSettings {
  return endpoint.kind === undefined || endpoint.kind === 'function';
}
