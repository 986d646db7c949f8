// npm run test:lambda: the bundle that is deployed, under AWS's own Lambda emulator, with its models on a real S3 server.
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundle } from '../cdk/constructs/bundle.ts';
import { buildLayer } from '../layers/onnxruntime/build-layer.ts';
import { runJest } from './run-jest.ts';
import { setUpGoTool } from './set-up-go-tool.ts';
import { setUpVenv } from './set-up-venv.ts';

const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
// The emulator comes inside this package; what else the package needs stays away.
setUpVenv('.cache/lambda', 'test/lambda/requirements.txt', ['--no-deps']);
const suffix = architecture === 'x64' ? 'x86_64' : 'arm64';
const [emulator] = globSync(`.cache/lambda/venv/lib/*/site-packages/samcli/local/rapid/aws-lambda-rie-${suffix}`);
if (!emulator) throw new Error('aws-sam-cli no longer brings aws-lambda-rie: see test/lambda/requirements.txt');

// Elsewhere, as in Lambda: here, it would find this package's own node_modules.
const task = mkdtempSync(join(tmpdir(), 'tensorgate-task-'));
process.on('exit', () => rmSync(task, { recursive: true, force: true }));
const functionAt = (name: string) => {
  cpSync(bundle(resolve(`functions/${name}.ts`)), join(task, name), { recursive: true });
  return join(task, name);
};
runJest('test/lambda', {
  VERSITYGW: setUpGoTool('versitygw'),
  LAMBDA_EMULATOR: resolve(emulator),
  LAMBDA_TASK_ROOT: functionAt('api'),
  PREPARE_TASK_ROOT: functionAt('prepare'),
  NODE_PATH: join(buildLayer(architecture), 'nodejs/node_modules'),
});
