import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { SettingsShape } from './check-settings.ts';
import { accelerators } from './constructs/accelerators.ts';
import { fargateCpus } from './constructs/fargate-cpus.ts';
import { imageName } from './constructs/image-name.ts';
import { settingRules } from './setting-rules.ts';

const { whole, share, positive, oneOf, flag, items, matching, listOf } = settingRules;

const name = matching(/^[A-Z][A-Za-z0-9]{0,31}$/, "letters and digits, the first a capital, such as 'Standard'");
const model = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "a model's name, such as 'fraud'");
const anything = () => undefined;
const days = Object.values(RetentionDays).filter((value) => typeof value === 'number' && value < 9999);

const endpoint: SettingsShape = {
  required: { name },
  optional: {
    models: listOf(model),
    pinnedModels: listOf(model),
    memoryMb: whole(128, 10_240),
    architecture: oneOf('x86_64', 'arm64'),
    temporaryStorageMb: whole(512, 10_240),
    timeoutSeconds: whole(1, 300),
    reservedConcurrency: whole(1),
    provisionedConcurrency: whole(1),
    maxProvisionedConcurrency: whole(1),
    warmUpMinutes: whole(1, 60),
    kind: oneOf('function', 'container', 'gpu'),
  },
};

const domainName = matching(/^([a-z0-9-]+\.)+[a-z]{2,}$/, "a name such as 'models.example.com'");
const certificateArn = matching(/^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/.+$/, 'the ARN of a certificate of ACM');

const image = matching(
  imageName,
  "an image in ECR with its tag, such as '123456789012.dkr.ecr.eu-west-1.amazonaws.com/tensorgate:1'",
);

const inContainer = {
  required: { name, kind: oneOf('container', 'gpu'), models: listOf(model), domainName, certificateArn },
  optional: {
    image,
    needsGrpcKeys: flag(),
    memoryMb: whole(2048, 1_048_576),
    minContainers: whole(1, 1000),
    maxContainers: whole(1, 1000),
    queueTargetMs: positive(),
    idleMinutes: whole(15, 1440),
  },
} as const;

const containerEndpoint: SettingsShape = {
  ...inContainer,
  optional: { ...inContainer.optional, cpus: oneOf(1, 2, 4, 8, 16), architecture: oneOf('x86_64', 'arm64') },
};

const gpuEndpoint: SettingsShape = {
  ...inContainer,
  optional: {
    ...inContainer.optional,
    accelerator: oneOf(...Object.keys(accelerators)),
    engine: oneOf('tensorgate', 'triton', 'vllm'),
    modelVersion: whole(1),
  },
};

const network: SettingsShape = {
  required: {},
  optional: {
    range: matching(
      /^(\d{1,3}\.){3}\d{1,3}\/(1[6-9]|2[0-2])$/,
      "addresses from a /16 to a /22, such as '10.64.0.0/16'",
    ),
    callerRanges: listOf(matching(/^(\d{1,3}\.){3}\d{1,3}\/([1-9]|[12]\d|3[0-2])$/, "addresses such as '10.1.0.0/16'")),
  },
};

const usagePlan: SettingsShape = {
  required: { name, rateLimit: positive(), burstLimit: whole(1) },
  optional: { quota: whole(1), quotaPeriod: oneOf('DAY', 'WEEK', 'MONTH'), keys: listOf(name) },
};

const domain: SettingsShape = {
  required: {
    name: domainName,
    certificateArn,
  },
  optional: { hostedZone: anything },
};

const hostedZone: SettingsShape = {
  required: {
    id: matching(/^Z[A-Z0-9]+$/, "the zone's id, such as 'Z0123456789ABC'"),
    name: matching(/^([a-z0-9-]+\.)+[a-z]{2,}$/, "the zone's name, such as 'example.com'"),
  },
  optional: {},
};

const firewall: SettingsShape = { required: { requestsPerFiveMinutes: whole(10, 2_000_000_000) }, optional: {} };

const prefix = matching(/^([A-Za-z0-9._-]+\/)+$/, "names with '/' after each, such as 'in/'");

const batch: SettingsShape = {
  required: {},
  optional: {
    memoryMb: whole(128, 10_240),
    architecture: oneOf('x86_64', 'arm64'),
    maxConcurrency: whole(1, 10_000),
    toleratedFailurePercentage: whole(0, 100),
    maxFailedRecords: whole(0),
    keptFields: listOf(matching(/^[^,]{1,128}$/, "a field's name without ',', such as 'id'")),
    inputPrefix: prefix,
    resultPrefix: prefix,
  },
};

const preparation: SettingsShape = { required: {}, optional: { memoryMb: whole(128, 10_240) } };

const jobs: SettingsShape = {
  required: {},
  optional: {
    memoryMb: whole(1769, 10_240),
    architecture: oneOf('x86_64', 'arm64'),
    containerMemoryMb: whole(2048, 1_048_576),
    containerAccelerator: oneOf(...Object.keys(accelerators)),
    containerImage: image,
    convertMemoryMb: oneOf(...Object.keys(fargateCpus).map(Number)),
  },
};

const drift: SettingsShape = { required: {}, optional: { alarmPsi: positive() } };

const audit: SettingsShape = {
  required: {},
  optional: {
    calls: oneOf('denied', 'all', 'off'),
    bodies: share(),
    bodyDays: whole(1, 36_500),
    callDays: whole(1, 36_500),
    lockDays: whole(1, 36_500),
    lockMode: oneOf('governance', 'compliance'),
  },
};

const publicKey = matching(
  /^\s*-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\s*$/,
  "a public key in PEM ('-----BEGIN PUBLIC KEY-----…'), as openssl pkey -in key.pem -pubout prints it",
);

const stage: SettingsShape = {
  required: { endpoints: items(), auth: oneOf('api-key', 'iam', 'both'), usagePlans: items() },
  optional: {
    rateLimit: positive(),
    burstLimit: whole(1),
    corsOrigin: matching(/^(\*|https?:\/\/[^/\s*']+)$/, "an origin such as 'https://app.example.com', or '*'"),
    openDocs: flag(),
    policySeconds: whole(0, 3600),
    domain: anything,
    batch: anything,
    jobs: anything,
    preparation: anything,
    drift: anything,
    stopCanaries: flag(),
    releaseSeconds: whole(1, 300),
    network: anything,
    firewall: anything,
    timeoutQuotaRaised: flag(),
    streaming: flag(),
    encryption: oneOf('s3', 'kms'),
    signingKeys: listOf(publicKey),
    payloadKeySecretArn: matching(
      /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/,
      'the ARN of a secret of Secrets Manager, with the six characters that it ends in',
    ),
    audit: anything,
    usageSeconds: whole(0, 3600),
    oldVersionDays: whole(1),
    logRetentionDays: oneOf(...(days as number[])),
    removal: oneOf('retain', 'destroy'),
    terminationProtection: flag(),
    alarmTopicArn: matching(/^arn:[\w-]+:sns:[\w-]+:\d{12}:.+$/, 'the ARN of a topic of SNS'),
    latencyAlarmMs: whole(1),
    coldStartAlarmMs: whole(1),
  },
};

/** The settings that each part of a stage has. */
export const stageShapes = {
  stage,
  endpoints: { function: endpoint, container: containerEndpoint, gpu: gpuEndpoint },
  usagePlan,
  domain,
  hostedZone,
  network,
  firewall,
  batch,
  jobs,
  preparation,
  drift,
  audit,
};
