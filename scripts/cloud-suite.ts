// npm run test:cloud: deploys the stacks onto the emulator, puts the real models in the bucket, and calls the API as a user would.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { S3Proxy } from '../test/fakes/s3-proxy.ts';
import { runCdk } from './deploy/cdk.ts';
import { Emulator } from './deploy/emulator.ts';
import { readOutputs } from './deploy/read-outputs.ts';
import { freePort } from './free-port.ts';
import { python, setUpPython } from './python.ts';
import { run } from './run.ts';
import { StageProxy } from './stage-proxy.ts';

const stage = 'dev';
const models = '.cache/cloud-models';

const port = await freePort();
const s3 = await S3Proxy.before(port);
const emulator = new Emulator(port, s3.url);
// cfn-lint holds the templates to CloudFormation's rules in test_templates.py.
Object.assign(process.env, emulator.environment, { CDK_VALIDATION: 'false' });
await emulator.start();
let proxy: StageProxy | undefined;
try {
  setUpPython();
  rmSync(models, { recursive: true, force: true });
  run(python, ['test/models/make_models.py', models]);
  const outputsFile = readOutputs.file('cloud-suite');
  await runCdk(['synth', '--quiet', '--output', 'cdk.out/prod'], 'prod');
  const containers = ['--app', 'node test/cloud/containers-app.ts', '--output', 'cdk.out/containers'];
  await runCdk(['synth', '--quiet', ...containers], stage);
  await runCdk(['bootstrap', '--progress', 'events'], stage);
  const unasked = ['--require-approval', 'never', ...Emulator.context];
  await runCdk(['deploy', '--all', '--outputs-file', outputsFile, ...unasked], stage);
  const outputs = readOutputs('cloud-suite');
  proxy = await StageProxy.start(emulator, outputs);
  // In a process of its own, as the proxy has to answer meanwhile.
  const environment = {
    ...process.env,
    TENSORGATE_URL: proxy.address,
    TENSORGATE_KEY: proxy.key,
    TENSORGATE_S3: s3.url,
    TENSORGATE_MODELS_FOLDER: models,
    TENSORGATE_OUTPUTS: JSON.stringify(outputs),
    TENSORGATE_HOSTS: JSON.stringify([
      emulator.hostOf(outputs.ApiUrl ?? ''),
      emulator.hostOf(outputs.SignedApiUrl ?? ''),
    ]),
  };
  const inOrder = [
    'test/cloud/test_templates.py',
    'test/cloud/test_deployment.py',
    'test/cloud/test_access.py',
    'test/cloud/test_records.py',
    'test/cloud/test_batch.py',
    'test/cloud/test_jobs.py',
    'test/cloud/test_fine_tuning.py',
    'test/cloud/test_preparation.py',
    'test/models',
    'test/cloud/test_destroy.py',
  ];
  const tests = spawn('node', ['scripts/pytest.ts', ...inOrder], {
    stdio: 'inherit',
    env: environment,
  });
  const [code] = (await once(tests, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  proxy?.end();
  s3.close();
  await emulator.stop();
}
