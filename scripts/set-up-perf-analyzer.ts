import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { python } from './python.ts';
import { run } from './run.ts';

// The last wheel that carries the program; PyPI's perf-analyzer is empty.
const packages = ['tritonclient==2.40.0', 'nvidia-cuda-runtime-cu12==12.9.79'];

/**
 * Triton's perf_analyzer, which is put into .cache/ the first time: the program and where its libraries are, as the
 * tests find them. None where it does not run: it is built for Debian, and the like, on x64.
 */
export function setUpPerfAnalyzer(): NodeJS.ProcessEnv {
  if (process.arch !== 'x64' || !existsSync('/usr/bin/dpkg')) return {};
  const folder = resolve('.cache/perf-analyzer');
  if (!existsSync(`${folder}/bin/perf_analyzer`) || !existsSync(`${folder}/usr`)) {
    console.log('setting up perf_analyzer …');
    run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, ...packages]);
    run('sh', ['-c', `cd '${folder}' && apt-get download --quiet libb64-0d && dpkg -x libb64-0d_*.deb .`]);
  }
  const libraries = [`${folder}/usr/lib/x86_64-linux-gnu`, `${folder}/nvidia/cuda_runtime/lib`];
  return { PERF_ANALYZER: `${folder}/bin/perf_analyzer`, PERF_ANALYZER_LIBRARIES: libraries.join(':') };
}
