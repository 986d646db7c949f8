// npm run test:container: hadolint over the Dockerfile. What its steps do is tested by `npm test`, without Docker.
import { spawnSync } from 'node:child_process';
import { setUpVenv } from './set-up-venv.ts';

const folder = '.cache/container';
setUpVenv(folder, 'test/containers/hadolint-requirements.txt', ['--require-hashes']);
const { status } = spawnSync(`${folder}/venv/bin/hadolint`, ['containers/inference/Dockerfile'], { stdio: 'inherit' });
console.log(status === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(status === 0 ? 0 : 1);
