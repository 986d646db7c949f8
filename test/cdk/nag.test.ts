import { expect, test } from '@jest/globals';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStage } from '../../cdk/add-stage.ts';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers, triton, vllm } from './containers.ts';
import { fixtureHandler, testApp } from './synthesize.ts';

/** Findings whose ids hold names that only exist once both stacks do, so that the code cannot acknowledge them. */
const known: readonly { finding: RegExp; reason: string }[] = [
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttModelsBucket\w+Arn\w+\/((fraud|resnet|bert|whisper|llm|trt|qwen)\/)?\*\]$/,
    reason: 'the function reads the files of its models, whatever their names',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttModelsBucket\w+Arn\w+\/\*\/\.prepared\/\*\]$/,
    reason: 'prepared forms lie beside the versions, whatever their names',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttModelsBucket\w+Arn\w+\/\.(audit\/(calls|bodies)|usage)\/\*\]$/,
    reason: 'records of calls have the names of days and of environments, which are random',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttModelsBucket\w+Arn\w+\/(\*\/aliases\.json|\.(audit\/changes|canary(\/(fraud|resnet|bert|whisper))?)\/\*)\]$/,
    reason: 'canaries are of any model, and what hosts count has random names',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttDataBucket\w+Arn\w+\/(uploads|results)\/\*\]$/,
    reason: 'uploads and results have random names',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttDataBucket\w+Arn\w+\/(in|out|work|jobs|starts|asked|files|incoming|model-(checkpoints|jobs|rounds|runs|starts))\/\*\]$/,
    reason: 'jobs read and write files of these prefixes, whatever their names',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\w+State:ExportsOutputFnGetAttModelsBucket\w+Arn\w+\/\*\/[1-9]\*\]$/,
    reason: 'jobs add versions, whatever the names of their models, and the numbers are in none of the others',
  },
  {
    finding:
      /^AwsSolutions-IAM5\[(Resource::<(Models|Audit)Bucket\w+\.Arn>\/\*|Action::kms:(GenerateDataKey|ReEncrypt)\*)\]$/,
    reason: "S3's role copies the audit log, whose objects have many names; the CDK makes it",
  },
  {
    finding:
      /^AwsSolutions-IAM5\[Resource::<(Batch(Plan|Infer|Finish)|Jobs(Begin|Run|Worker|Reduce|Finish))Function\w+\.Arn>:\*\]$/,
    reason: 'whoever may invoke a function may invoke its versions',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*Jobs(ContainerTask|Conversions\w+).*\*\]$/,
    reason: 'the state machine runs the task as it is, and as it was when an execution began',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:states:.*:execution:.*(BatchJobs|JobsSteps)StateMachine.*\*\]$/,
    reason: 'a state machine watches, and stops, the executions of its own map, whose names are random',
  },
];

function findings(stage: string, settings: StageSettings): string[] {
  const app = testApp({ isValidated: true });
  addStage(app, stage, settings, fixtureHandler);
  // References between the stacks get their names, which findings hold, at synthesis.
  app.synth();
  return new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
}

const { dev, prod } = stages as { dev: StageSettings; prod: StageSettings };

test.each([
  ['dev', dev],
  ['prod', prod],
  ['containers', { ...dev, endpoints: [...dev.endpoints, ...containers, triton, vllm] }],
  [
    'keysAsleep',
    {
      ...dev,
      auth: 'api-key',
      openDocs: true,
      corsOrigin: 'https://app.example.com',
      endpoints: [...dev.endpoints, { ...containers[1], idleMinutes: 30 }],
    },
  ],
  [
    'gpuWarm',
    {
      ...dev,
      jobs: { containerMemoryMb: 14_336, containerAccelerator: 'l4' },
      endpoints: [{ name: 'Default', warmUpMinutes: 5 }],
    },
  ],
  [
    'lockedModels',
    {
      ...prod,
      audit: { calls: 'all', lockDays: 365 },
      jobs: { containerMemoryMb: 30_720, convertMemoryMb: 8192 },
      endpoints: [...prod.endpoints, { name: 'Fraud', models: ['fraud'], provisionedConcurrency: 1 }],
    },
  ],
] as const)('cdk-nag has nothing to say of %s that is not known, with its reason', (stage, settings) => {
  const unknown = findings(stage, settings).filter((id) => !known.some(({ finding }) => finding.test(id)));
  expect(unknown).toEqual([]);
});
