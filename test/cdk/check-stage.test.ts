import { describe, expect, test } from '@jest/globals';
import { checkStage } from '../../cdk/check-stage.ts';
import type { EndpointSettings, StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers, triton } from './containers.ts';

const { dev } = stages as { dev: StageSettings };

/** What is said of dev with these settings, which TypeScript would not let through where they are of a wrong type. */
function problems(settings: object): string {
  try {
    checkStage('dev', { ...dev, ...settings } as StageSettings);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

const endpoint = (settings: object) => problems({ endpoints: [{ name: 'Default', ...settings } as EndpointSettings] });
const plan = (settings: object) =>
  problems({ usagePlans: [{ name: 'Standard', rateLimit: 1, burstLimit: 1, ...settings }] });

test.each(Object.entries(stages))('%s can be deployed as it is written', (name, settings) => {
  expect(() => checkStage(name, settings)).not.toThrow();
});

describe('keys of signatures are refused', () => {
  const key = `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA${'A'.repeat(43)}=\n-----END PUBLIC KEY-----\n`;

  test.each([
    [{ signingKeys: ['key.pem'] }, '"key.pem" does not fit: write a public key in PEM'],
    [{ signingKeys: [] }, 'signingKeys: there are 0: write 1 to 8'],
    [{ signingKeys: [key] }, 'preparation: its forms are not signed, and would not be used'],
    [
      { signingKeys: [key], endpoints: [...dev.endpoints, triton] },
      "'Language' has the engine 'triton', which checks no",
    ],
  ])('for %j', (settings, message) => {
    expect(problems(settings)).toContain(message);
  });

  test('with any engine that checks none', () => {
    const language = { ...triton, engine: 'vllm' as const };
    expect(problems({ signingKeys: [key], endpoints: [...dev.endpoints, language] })).toContain(
      "'vllm', which checks no",
    );
  });

  test('unless they are keys, and all that serves holds versions to them', () => {
    const { preparation: _, ...others } = dev;
    expect(() => checkStage('dev', { ...others, signingKeys: [key] })).not.toThrow();
  });
});

describe('an endpoint is refused', () => {
  test.each([
    [{ memoryMb: 64 }, 'endpoints[0].memoryMb is 64: write a whole number from 128 to 10240'],
    [{ memoryMb: 10_241 }, 'endpoints[0].memoryMb is 10241: write a whole number from 128 to 10240'],
    [{ memoryMb: 1769.5 }, 'endpoints[0].memoryMb is 1769.5'],
    [{ temporaryStorageMb: 100 }, 'endpoints[0].temporaryStorageMb is 100: write a whole number from 512 to 10240'],
    [{ architecture: 'mips' }, 'endpoints[0].architecture is "mips": write "x86_64" or "arm64"'],
    [{ memory: 512 }, 'endpoints[0].memory is 512: there is no such setting: write one of name, models,'],
    [{ name: 'my function' }, 'endpoints[0].name is "my function": write letters and digits'],
    [{ pinnedModels: ['../x'] }, '"../x" does not fit: write a model\'s name'],
    [
      { timeoutSeconds: 60 },
      "may take 60 s, and API Gateway waits 29: write 29 or less, or have the account's quota raised",
    ],
    [{ maxProvisionedConcurrency: 3 }, 'write provisionedConcurrency too'],
    [{ provisionedConcurrency: 5, maxProvisionedConcurrency: 3 }, 'write maxProvisionedConcurrency: 5 or more'],
    [
      { provisionedConcurrency: 5, reservedConcurrency: 3 },
      'keeps more environments started than its reservedConcurrency, 3',
    ],
    [{ warmUpMinutes: 0 }, 'endpoints[0].warmUpMinutes is 0: write a whole number from 1 to 60'],
    [{ warmUpMinutes: 5, provisionedConcurrency: 1 }, 'leave warmUpMinutes out'],
    [{ reservedConcurrency: 0 }, 'endpoints[0].reservedConcurrency is 0: write a whole number of 1 or more'],
  ])('for %j', (settings, message) => {
    expect(endpoint(settings)).toContain(message);
  });

  test('with a longer timeout only until the quota has been raised', () => {
    expect(problems({ endpoints: [{ name: 'Default', timeoutSeconds: 60 }], timeoutQuotaRaised: true })).toBe('none');
    expect(problems({ endpoints: [{ name: 'Default', timeoutSeconds: 301 }], timeoutQuotaRaised: true })).toContain(
      'from 1 to 300',
    );
  });
});

describe('endpoints are refused together', () => {
  test.each([
    ['with a model of two', [{ models: ['a'] }, { models: ['b', 'a'] }, {}], "'a' is a model of two: leave it in one"],
    ['with none for the rest', [{ models: ['a'] }], '0 of them name no models: write exactly one without models'],
    ['with two for the rest', [{}, {}], '2 of them name no models'],
    ['with no model', [{ models: [] }, {}], "endpoint 'E0' serves no models: name some, or leave models out"],
    ['with a foreign model pinned', [{ models: ['a'], pinnedModels: ['b'] }, {}], 'pins b, which it does not serve'],
  ])('%s', (_, endpoints, message) => {
    expect(problems({ endpoints: endpoints.map((item, i) => ({ name: `E${i}`, ...item })) })).toContain(message);
  });

  test('with one name for two', () => {
    expect(problems({ endpoints: [{ name: 'A' }, { name: 'A', models: ['x'] }] })).toContain("'A' is there twice");
  });
});

describe('an endpoint in containers is refused', () => {
  const [vision, speech] = containers;
  const said = (endpoint: object) => problems({ endpoints: [{ name: 'Default' }, endpoint] });

  test.each([
    [{ models: undefined }, 'endpoints[1].models is missing: write a list'],
    [{ models: [] }, "endpoint 'Vision' serves no models: name some"],
    [{ domainName: 'vision' }, 'endpoints[1].domainName is "vision": write a name such as \'models.example.com\''],
    [{ certificateArn: undefined }, 'endpoints[1].certificateArn is missing: write the ARN of a certificate of ACM'],
    [{ image: 'tensorgate:latest' }, "write an image in ECR with its tag, such as '123456789012.dkr.ecr."],
    [{ cpus: 3 }, 'endpoints[1].cpus is 3: write 1 or 2 or 4 or 8 or 16'],
    [
      { cpus: 2, memoryMb: 2048 },
      'has 2048 MB with 2 CPUs, which Fargate does not: write memoryMb from 4096 to 16384, a multiple of 1024',
    ],
    [{ cpus: 8, memoryMb: 18_432 }, 'write memoryMb from 16384 to 61440, a multiple of 4096'],
    [{ minContainers: 5 }, 'has 5 containers at least and 4 at most: write maxContainers: 5 or more'],
    [{ minContainers: 0 }, 'endpoints[1].minContainers is 0: write a whole number from 1 to 1000'],
    [{ idleMinutes: 5 }, 'endpoints[1].idleMinutes is 5: write a whole number from 15 to 1440'],
    [{ idleMinutes: 30 }, 'leave minContainers, maxContainers and queueTargetMs out, or idleMinutes'],
    [{ timeoutSeconds: 20 }, 'endpoints[1].timeoutSeconds is 20: there is no such setting'],
    [{ kind: 'lambda' }, 'endpoints[1].kind is "lambda": write "function" or "container" or "gpu"'],
    [{ accelerator: 'l4' }, 'endpoints[1].accelerator is "l4": there is no such setting'],
  ])('for %j', (settings, message) => {
    expect(said({ ...vision, ...settings })).toContain(message);
  });

  test('with a GPU that there is not', () => {
    expect(said({ ...speech, accelerator: 'h100' })).toContain('write "l4" or "l4/2" or "l4/4"');
  });

  test.each([
    [
      { image: undefined },
      "endpoint 'Language' has the engine 'triton' and no image: copy nvcr.io/nvidia/tritonserver",
    ],
    [{ idleMinutes: 30, minContainers: undefined }, 'leave maxContainers, queueTargetMs and idleMinutes out'],
    [{ engine: 'tgi' }, 'endpoints[1].engine is "tgi": write "tensorgate" or "triton" or "vllm"'],
    [{ engine: 'vllm' }, "endpoint 'Language' has the engine 'vllm', which serves one model"],
    [{ engine: 'vllm', models: ['llm'], idleMinutes: 30 }, "has the engine 'vllm', which does not tell how long"],
    [{ needsGrpcKeys: true }, "has the engine 'triton', which asks nobody for keys by gRPC"],
    [{ accelerator: 'l4x4' }, "has the accelerator 'l4x4', several GPUs, over which the engine 'vllm' alone shares"],
    [{ modelVersion: 2 }, "endpoint 'Language' has a modelVersion, which is of the engine 'vllm'"],
  ])('with Triton, for %j', (settings, message) => {
    expect(said({ ...triton, ...settings })).toContain(message);
  });

  test('with a model of a function', () => {
    expect(problems({ endpoints: [{ name: 'Default' }, { name: 'A', models: ['resnet'] }, vision] })).toContain(
      "'resnet' is a model of two: leave it in one",
    );
  });

  test('not as they are', () => {
    expect(problems({ endpoints: [{ name: 'Default' }, vision, speech] })).toBe('none');
  });
});

describe('a network is refused', () => {
  test.each([
    [
      { range: '10.0.0.0/8' },
      'network.range is "10.0.0.0/8": write addresses from a /16 to a /22, such as \'10.64.0.0/16\'',
    ],
    [{ callerRanges: ['0.0.0.0/0'] }, '"0.0.0.0/0" does not fit: write addresses such as \'10.1.0.0/16\''],
    [{ ranges: [] }, 'there is no such setting: write one of range, callerRanges'],
  ])('for %j', (network, message) => {
    expect(problems({ network })).toContain(message);
  });
});

describe('usage plans are refused', () => {
  test.each([
    [{ quota: 0 }, 'usagePlans[0].quota is 0: write a whole number of 1 or more'],
    [{ quota: -5 }, 'usagePlans[0].quota is -5'],
    [{ rateLimit: 0 }, 'usagePlans[0].rateLimit is 0: write a number over 0'],
    [{ burstLimit: undefined, rateLimit: 'fast' }, 'usagePlans[0].rateLimit is "fast"'],
    [{ quotaPeriod: 'YEAR' }, 'usagePlans[0].quotaPeriod is "YEAR": write "DAY" or "WEEK" or "MONTH"'],
    [{ keys: ['A', 'A'] }, 'usagePlans[0].keys is ["A","A"]: write each only once'],
    [{ quotaPeriod: 'DAY' }, "'Standard' has a quotaPeriod without a quota: write one, or leave quotaPeriod out"],
  ])('for %j', (settings, message) => {
    expect(plan(settings)).toContain(message);
  });

  test('where there are no keys to count, and asked for where nobody could call without', () => {
    expect(problems({ auth: 'iam' })).toContain("auth 'iam' has none: write usagePlans: [], or auth: 'both'");
    expect(problems({ auth: 'api-key', usagePlans: [] })).toContain("nobody may call: write a plan, or auth: 'iam'");
    expect(problems({ auth: 'iam', usagePlans: [] })).toBe('none');
  });

  test('with one key in two of them', () => {
    const plans = ['A', 'B'].map((name) => ({ name, rateLimit: 1, burstLimit: 1, keys: ['Acme'] }));
    expect(problems({ usagePlans: plans })).toContain("the key 'Acme' is in two plans: leave it in one");
  });
});

describe('batch jobs are refused', () => {
  test.each([
    [
      { resultPrefix: 'in/results/' },
      "'in/results/' and the inputs' 'in/' overlap: results would start jobs of their own",
    ],
    [{ inputPrefix: 'out/in/' }, "'out/' and the inputs' 'out/in/' overlap"],
    [{ inputPrefix: 'x/', resultPrefix: 'x/' }, 'in an endless loop'],
    [{ inputPrefix: 'work/' }, "batch.inputPrefix: 'work/' is, or holds, a prefix with a use of its own"],
    [{ inputPrefix: 'in' }, 'batch.inputPrefix is "in": write names with \'/\' after each'],
    [{ memoryMb: 1 }, 'batch.memoryMb is 1: write a whole number from 128 to 10240'],
    [{ maxConcurrency: 10_001 }, 'batch.maxConcurrency is 10001: write a whole number from 1 to 10000'],
    [{ toleratedFailurePercentage: 101 }, 'write a whole number from 0 to 100'],
    [{ keptFields: ['a,b'] }, '"a,b" does not fit: write a field\'s name'],
    [{ concurrency: 1 }, 'batch.concurrency is 1: there is no such setting'],
  ])('for %j', (batch, message) => {
    expect(problems({ batch })).toContain(message);
  });

  test('not for all of their settings', () => {
    expect(problems({ batch: { inputPrefix: 'inbox/a/', resultPrefix: 'inbox/b/', keptFields: ['id', 'x y'] } })).toBe(
      'none',
    );
    expect(problems({ batch: {} })).toBe('none');
    expect(problems({ batch: true })).toContain('batch is true: write { … }');
  });
});

test.each([
  [{ auth: 'none' }, 'stage.auth is "none": write "api-key" or "iam" or "both"'],
  [{ corsOrigin: 'https://app.example.com/path' }, "write an origin such as 'https://app.example.com', or '*'"],
  [{ logRetentionDays: 6 }, 'stage.logRetentionDays is 6: write 1 or 3 or 5 or 7'],
  [{ encryption: 'none' }, 'stage.encryption is "none": write "s3" or "kms"'],
  [{ removal: 'delete' }, 'stage.removal is "delete": write "retain" or "destroy"'],
  [{ firewall: { requestsPerFiveMinutes: 1 } }, 'firewall.requestsPerFiveMinutes is 1: write a whole number from 10'],
  [{ domain: { name: 'example' } }, 'domain.certificateArn is missing: write the ARN of a certificate of ACM'],
  [{ alarmTopicArn: 'alarms' }, 'stage.alarmTopicArn is "alarms": write the ARN of a topic of SNS'],
  [{ terminationProtection: 'yes' }, 'stage.terminationProtection is "yes": write true or false'],
  [{ endpoints: 'all' }, 'stage.endpoints is "all": write a list'],
  [{ endpoints: [null] }, 'endpoints[0] is null: write { … }'],
  [{ usagePlans: null }, 'stage.usagePlans is null: write a list'],
])('a stage is refused for %j', (settings, message) => {
  expect(problems(settings)).toContain(message);
});

test.each(['', 'Dev', '9x', 'dev.eu', 'my stage', 'x'.repeat(41)])("a stage is refused for the name '%s'", (name) => {
  expect(() => checkStage(name, dev)).toThrow("write letters, digits and '-', 40 at most, the first a small letter");
});

test('a domain is refused outside of its zone', () => {
  const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/x';
  const inZone = (name: string) =>
    problems({ domain: { name, certificateArn, hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } } });
  expect(inZone('models.example.com')).toBe('none');
  expect(inZone('example.com')).toBe('none');
  expect(inZone('models.example.org')).toContain(
    "'models.example.org' is no name of the zone 'example.com': write one",
  );
  expect(inZone('badexample.com')).toContain("ends with '.example.com'");
});

test('all that is wrong is said at once', () => {
  const said = problems({ auth: 'none', encryption: 'none', endpoints: [{ name: 'Default', memoryMb: 1 }] });
  expect(said.split('\n- ')).toHaveLength(4);
  expect(said).toContain("Stage 'dev' of cdk/stages.ts cannot be deployed:");
});

describe('what jobs are done in is refused', () => {
  test.each([
    [
      { containerMemoryMb: 10_000 },
      'jobs has containerMemoryMb 10000, which Fargate does not: write one of 8192, 16384',
    ],
    [{ convertMemoryMb: 10_000 }, 'jobs.convertMemoryMb is 10000: write'],
    [{ containerAccelerator: 'l4' }, 'jobs has a containerAccelerator and no container: write containerMemoryMb too'],
    [{ containerAccelerator: 'h100' }, 'jobs.containerAccelerator is "h100": write'],
    [{ containerMemoryMb: 28_000, containerAccelerator: 'l4x4' }, "'l4x4', several GPUs, and a job takes one"],
    [
      { containerMemoryMb: 28_000, containerAccelerator: 'l4', architecture: 'arm64' },
      "jobs has the architecture 'arm64', which the image for GPUs is not for",
    ],
  ])('for %j', (jobs, message) => {
    expect(problems({ jobs })).toContain(message);
  });

  test.each([{ containerMemoryMb: 8192 }, { containerMemoryMb: 10_000, containerAccelerator: 'l4/2' }])(
    'and not for %j',
    (jobs) => {
      expect(problems({ jobs })).toBe('none');
    },
  );
});
