// npm run test:container: hadolint over the Dockerfiles. What their steps do is tested by `npm test` and `npm run test:convert`, without Docker.
import { spawnSync } from 'node:child_process';
import { setUpVenv } from './set-up-venv.ts';

const folder = '.cache/container';
setUpVenv(folder, 'test/containers/hadolint-requirements.txt', ['--require-hashes']);
const files = [
  'containers/inference/Dockerfile',
  'containers/inference/sagemaker.Dockerfile',
  'containers/convert/Dockerfile',
];
const isClean = (file: string) => spawnSync(`${folder}/venv/bin/hadolint`, [file], { stdio: 'inherit' }).status === 0;
const failed = files.filter((file) => !isClean(file)).length;
console.log(`${files.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
